// Package shop confirms orders.
package shop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Line is one item of an order. Prices are text, as the contract has them.
type Line struct {
	ExternalID string `json:"external_id"`
	SKU        string `json:"sku"`
	Count      int    `json:"count"`
	BasePrice  string `json:"base_price_per_item"`
	FinalPrice string `json:"final_price_per_item"`
}

// Data is the order itself.
type Data struct {
	Endpoint        string `json:"endpoint"`
	Status          string `json:"status"`
	Currency        string `json:"currency"`
	TotalPrice      string `json:"total_price"`
	FinalTotalPrice string `json:"final_total_price"`
	Lines           []Line `json:"lines"`
}

// Order is the request.
type Order struct {
	Token      string `json:"token"`
	ExternalID string `json:"external_id"`
	ProfileID  string `json:"profile_id"`
	Data       Data   `json:"data"`
}

var client = http.Client{Timeout: 5 * time.Second}

// ConfirmOrder sends an order, and returns what became of it: "success" or "outdated".
func ConfirmOrder(url string, order Order) (string, error) {
	body, err := json.Marshal(order)
	if err != nil {
		return "", err
	}
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct {
		Data      struct{ Status string }
		Error     int
		ErrorText string `json:"error_text"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	if answer.Error != 0 {
		return "", fmt.Errorf("order %s was refused: %d %s", order.ExternalID, answer.Error, answer.ErrorText)
	}
	return answer.Data.Status, nil
}
