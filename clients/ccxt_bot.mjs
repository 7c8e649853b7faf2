// ccxt for JavaScript on the served practice exchange. Prints what it saw as one line of JSON.
// Run by test_ccxt_javascript.py: node ccxt_bot.mjs CCXT_MODULE HTTP_URL STREAMS_URL WS_API_URL KEY SECRET

import { pathToFileURL } from 'node:url';

const [module, http, streams, wsApi, apiKey, secret] = process.argv.slice(2);
const ccxt = (await import(pathToFileURL(module).href)).default;
const BTC = 'BTC/USDT';

const exchange = new ccxt.pro.binance({
    apiKey,
    secret,
    options: { fetchMarkets: { types: ['spot'] } },
});
const api = exchange.urls.api;
api.public = api.private = `${http}/api/v3`;
api.sapi = `${http}/sapi/v1`;
api.sapiV3 = `${http}/sapi/v3`;
api.ws.spot = `${streams}/ws`;
api.ws['ws-api'].spot = wsApi;
await exchange.loadHttpProxyAgent();

const seen = {};
try {
    seen.markets = Object.keys(await exchange.loadMarkets()).sort();
    const ticker = await exchange.fetchTicker(BTC);
    seen.candles = (await exchange.fetchOHLCV(BTC, '1m', undefined, 5)).length;
    const [book, trades, best, candles] = await Promise.all([
        exchange.watchOrderBook(BTC), exchange.watchTrades(BTC), exchange.watchBidsAsks([BTC]), exchange.watchOHLCV(BTC, '1m'),
    ]);
    seen.streams = [book.bids[0][0] < book.asks[0][0], trades.length > 0, best[BTC].bid > 0, candles.length > 0];
    const told = exchange.watchOrders(BTC);
    const order = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, ticker.last * 0.8);
    seen.open = (await exchange.fetchOpenOrders(BTC)).length;
    seen.canceled = (await exchange.cancelOrder(order.id, BTC)).status;
    seen.told = (await told)[0].id === order.id;
    const byWebSocket = await exchange.createOrderWs(BTC, 'market', 'buy', 0.01);
    seen.filled = byWebSocket.filled;
    seen.trades = (await exchange.fetchMyTrades(BTC)).reduce((sum, it) => sum + it.amount, 0);
    seen.balance = (await exchange.fetchBalance()).BTC.total;
    try {
        await exchange.createOrder(BTC, 'market', 'sell', 50);
    } catch (error) {
        seen.refused = error.constructor.name;
    }
    try {
        await exchange.sapiGetAssetDribblet();
    } catch (error) {
        seen.unknown = error.constructor.name;
    }
} finally {
    console.log(JSON.stringify(seen));
    await exchange.close();
}
process.exit(0);
