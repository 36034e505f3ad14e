"""Our own lean WebSocket ingest of Binance USDⓈ-M market streams."""
