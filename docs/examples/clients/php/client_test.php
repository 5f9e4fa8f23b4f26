<?php

declare(strict_types=1);

require __DIR__ . '/client.php';

function check(string $expected, string $found): void
{
    if ($expected !== $found) {
        throw new RuntimeException("expected $expected, found $found");
    }
}

$url = getenv('STUB_URL');
check('success', confirmOrder($url, 'any-token', 'order_1', 10.5));

post(str_replace('/api/v1.1/market/orders/preorder_commit', '/__altcraft__/scenario', $url), '{"scenario": "outdated"}');
check('outdated', confirmOrder($url, 'any-token', 'order_2', 10.5));
echo "2 tests passed\n";
