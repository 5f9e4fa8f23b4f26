package shop

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

const path = "/api/v1.1/market/orders/preorder_commit"

func makeOrder(id string) Order {
	line := Line{ExternalID: "1", SKU: "mug-white", Count: 1, BasePrice: "10.50", FinalPrice: "10.50"}
	return Order{
		Token: "any-token", ExternalID: id, ProfileID: "696e304f547840a7286619e0",
		Data: Data{
			Endpoint: "shop", Status: "confirmed", Currency: "RUB",
			TotalPrice: "10.50", FinalTotalPrice: "10.50", Lines: []Line{line},
		},
	}
}

func expect(t *testing.T, id, expected string) {
	t.Helper()
	status, err := ConfirmOrder(os.Getenv("STUB_URL"), makeOrder(id))
	if err != nil {
		t.Fatal(err)
	}
	if status != expected {
		t.Fatalf("expected %s, found %s", expected, status)
	}
}

func TestAnOrderIsConfirmed(t *testing.T) {
	expect(t, "order_1", "success")
}

func TestAPriceThatHasChangedIsTold(t *testing.T) {
	control := strings.Replace(os.Getenv("STUB_URL"), path, "/__altcraft__/scenario", 1)
	response, err := http.Post(control, "application/json", strings.NewReader(`{"scenario": "outdated"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	expect(t, "order_2", "outdated")
}
