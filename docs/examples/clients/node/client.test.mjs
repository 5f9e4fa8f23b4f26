import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { confirmOrder } from "./client.mjs";

const url = process.env.STUB_URL;
const control = new URL("/__altcraft__/", url);
const cart = { id: "order_1", member: "696e304f547840a7286619e0", sku: "mug-white", price: 10.5 };

beforeEach(() => fetch(new URL("reset", control), { method: "POST" }));

test("an order is confirmed", async () => {
  assert.equal(await confirmOrder(url, "any-token", cart), "success");
});

test("a price that has changed is told", async () => {
  const scenario = JSON.stringify({ scenario: "outdated" });
  await fetch(new URL("scenario", control), { method: "POST", body: scenario });
  assert.equal(await confirmOrder(url, "any-token", cart), "outdated");
});
