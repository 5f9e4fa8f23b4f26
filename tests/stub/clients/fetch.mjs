// Sends what stands on stdin with fetch, one after the other, and writes what came of each to stdout.
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const calls = JSON.parse(Buffer.concat(chunks).toString());

const outcomes = [];
for (const { url, body, headers, timeout } of calls) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: Buffer.from(body, "base64"),
      signal: AbortSignal.timeout(timeout * 1000),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    outcomes.push({ status: response.status, headers: [...response.headers], body: bytes.toString("base64") });
  } catch (error) {
    outcomes.push({ error: error.name, message: error.message, code: error.cause?.code ?? null });
  }
}
process.stdout.write(JSON.stringify(outcomes));
