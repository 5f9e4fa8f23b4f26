import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client that sends XML, and its test; JUnit would call the same. */
class ClientTest {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Confirms an order, and returns what became of it: "success" or "outdated". */
    static String confirmOrder(URI url, String token, String id, String price) throws Exception {
        var order = """
            <?xml version="1.0" encoding="UTF-8"?>
            <xml>
              <token>%1$s</token>
              <external_id>%2$s</external_id>
              <profile_id>696e304f547840a7286619e0</profile_id>
              <data>
                <endpoint>shop</endpoint>
                <status>confirmed</status>
                <currency>RUB</currency>
                <total_price>%3$s</total_price>
                <final_total_price>%3$s</final_total_price>
                <lines>
                  <external_id>1</external_id>
                  <sku>mug-white</sku>
                  <count>1</count>
                  <base_price_per_item>%3$s</base_price_per_item>
                  <final_price_per_item>%3$s</final_price_per_item>
                </lines>
              </data>
            </xml>
            """.formatted(token, id, price); // a real client builds it with an XML library, which escapes
        var answer = post(url, "application/xml", order);
        if (!answer.contains("<error>0</error>")) {
            throw new IllegalStateException("order " + id + " was refused: " + answer);
        }
        return answer.replaceAll("(?s).*<status>(.*?)</status>.*", "$1");
    }

    static String post(URI url, String type, String body) throws Exception {
        var request = HttpRequest.newBuilder(url)
            .header("Content-Type", type)
            .timeout(Duration.ofSeconds(5))
            .POST(BodyPublishers.ofString(body))
            .build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }

    static void assertEquals(String expected, String found) {
        if (!expected.equals(found)) throw new AssertionError("expected " + expected + ", found " + found);
    }

    public static void main(String[] arguments) throws Exception {
        var url = URI.create(System.getenv("STUB_URL"));
        assertEquals("success", confirmOrder(url, "any-token", "order_1", "10.50"));

        post(url.resolve("/__altcraft__/scenario"), "application/json", "{\"scenario\": \"outdated\"}");
        assertEquals("outdated", confirmOrder(url, "any-token", "order_2", "10.50"));
        System.out.println("2 tests passed");
    }
}
