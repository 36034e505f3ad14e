"""The on-chain layer: transfers, flows, dollars and smart money of one coin."""
