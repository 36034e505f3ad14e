"""Noise as a pure function."""

import numpy as np

from exchanges.simulator.market.randomness import noise, noise_array, symbol_key


def test_single_and_vector_noise_are_the_same_numbers() -> None:
    key = symbol_key("BTCUSDT", seed=42)
    counters = np.array([0, 1, 2, 29_000_000, 10**15])
    vector = noise_array(key, counters)
    assert vector.tolist() == [noise(key, int(counter)) for counter in counters]


def test_noise_is_spread_evenly_and_does_not_follow_its_counter() -> None:
    values = noise_array(symbol_key("ETHUSDT"), np.arange(20_000))
    assert values.min() >= 0.0
    assert values.max() < 1.0
    assert abs(values.mean() - 0.5) < 0.01
    assert abs(values.std() - 1 / np.sqrt(12)) < 0.01
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03


def test_symbols_and_seeds_have_noise_of_their_own() -> None:
    first = noise_array(symbol_key("AUSDT"), np.arange(2000))
    second = noise_array(symbol_key("BUSDT"), np.arange(2000))
    third = noise_array(symbol_key("AUSDT", seed=1), np.arange(2000))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1
    assert abs(np.corrcoef(first, third)[0, 1]) < 0.1
