"""The subset of freqtrade's REST API, version 1, that freqtrade-client and FreqUI use, as a thin shell over operations.

freqtrade's JSON has floats. All that is computed is computed in exact decimals, and becomes a JSON number in `json_values` alone,
on its way out. What Fairway does not have, such as leverage or a price in fiat money, is null, false or an empty list.
"""
