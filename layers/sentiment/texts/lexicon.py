"""Words of the trade and what they weigh, from -4 to 4 as in VADER's own lexicon.

What is good for the price of a coin is positive, what is bad for it negative. VADER's lexicon was
rated for everyday posts, so words that only describe a market ("share", "interest", "security")
weigh nothing here.
"""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[float, str]] = {
    3.0: "ath bullish megabullish moon mooning moonshot parabolic skyrocket skyrocketed "
    "skyrocketing skyrockets wagmi",
    2.6: "breakout breakouts bull bullrun bulls lfg rallied rallies rally rallying rocket "
    "rocketing rockets soar soared soaring soars surge surged surges surging",
    2.2: "accumulate accumulated accumulates accumulating accumulation bounce bounced bounces "
    "bouncing eclipses jump jumped jumping jumps leap leaped leaps leapt outpaces outperform "
    "outperformed outperforms overtakes quadruples rebound rebounded rebounding rebounds "
    "recover recovered recovering recovers recovery triples undervalued upside uptrend",
    1.8: "adopt adopted adoption adopts advance advanced advances approval approve approved "
    "approves bottomed breakthrough climb climbed climbing climbs comfy expands flying gain "
    "gained gaining gains greenlight greenlights greenlit inflow inflows legalises legalizes "
    "listing listings milestone partnered partners partnership partnerships profitable "
    "reclaim reclaimed reclaiming reclaims resilience resilient restored restores resumed "
    "resumes ripping rise rises rising robust rose scarcer scarcity unfounded victory wins "
    "won",
    1.4: "absorb absorbing absorbs accelerates accelerating acquires add added adds alpha backing "
    "backs banger bangers based beast bid bids boost boosted boosts bought buy buyback "
    "buybacks buyers buying buys clarity comeback demand dovish easing edges embrace embraced "
    "embraces exempts expanding expansion extends firmer flows gem gigachad halving hodl "
    "hodler hodlers hodling hold holding holds improved improves improving institutional "
    "integrates integration invested invests leads list lists momentum oversold peak raised "
    "raises secured secures settled settles stacking stepping strength strengthens swells "
    "thrives tops uptick",
    1.6: "pump pumped pumping pumps",
    0.8: "defend defended defends doubled doubles grow growing grows higher staking working works",
    -0.8: "cautious concerns congestion delay delayed delays dip dipped dipping dips frenzy gone "
    "headwinds hopium jitters jittery overbought overhang postponed postpones retreat "
    "retreated retreats scrutiny slip slipped slipping slips stalled stalls struggle "
    "struggles struggling thin uncertain uncertainty volatile volatility warn warned warning "
    "warnings warns wobble wobbled wobbles",
    -1.4: "baggies bagholder bagholders bags blacklist blacklisted bleak bricked bubble cooked "
    "copium crackdown curbs decline declined declines declining deficit dented dents dilution "
    "dims dispute doubts downgrade downgraded downgrades downside drop dropped dropping drops "
    "dwindles dwindling fall falling fallout falls fell fine fined fines freeze freezes froze "
    "frozen gloom gloomy halt halted halts hawkish headaches heavy investigates investigation "
    "jeet jeets layoffs lower lows missed misses moratorium offline opposes outage outflow "
    "outflows oversupply overvalued paused pauses penalties penalty probe probed probes "
    "prohibits quits recession redemption redemptions rejected rejection resign resigns "
    "restricted restrictions restricts sanctions seized seizes sell sellers selling sells "
    "shitcoin shitcoins shorted shorting shrank shrink shrinking shrinks shuttered shutters "
    "slams slid slide slides sliding sold soured sours stagnant stagnates subpoena suspend "
    "suspended suspends tariff tariffs underperform underperformed underperforms underwater "
    "unlock unlocks weakened weakens weakness withdraws",
    -1.9: "arrest arrested ban banned bans bear bearish bears bled bleed bleeding bleeds bloodbath "
    "breach breached carnage charged charges convicted correction default defaulted defaults "
    "delist delisted delisting delists depeg depegged depegs disappeared disappears downtrend "
    "dump dumped dumping dumps erased erases evaporate evaporated evaporates evaporating "
    "fades fading fled flees fud guilty indicted indictment lawsuit lawsuits leak leaked "
    "leaks loses losing loss losses lost manipulated manipulation outlaws prosecutors raid "
    "raided raids rout sank selloff sentenced shed sheds sink sinking sinks slashed slump "
    "slumped slumps sue sued sues trash turmoil vanish vanished vanishes vaporware "
    "vulnerability wiped wipes",
    -2.5: "attacker attackers backdoor bankrupt bankruptcy capitulate capitulated capitulates "
    "capitulation collapse collapsed collapses collapsing compromised contagion crash crashed "
    "crashes crashing crater cratered craters dive dived dives drain drained drains embezzled "
    "embezzlement exploit exploited exploiter exploits hack hacked hacker hackers hacks heist "
    "imploded implodes insolvency insolvent jail laundered liquidated liquidation "
    "liquidations malware meltdown misappropriated ngmi nosedive nosedives nuke nuked nukes "
    "phishing plummet plummeted plummeting plummets plunge plunged plunges plunging prison "
    "ransomware rekt rigged siphoned siphons steal steals stolen theft thieves tumble tumbled "
    "tumbles tumbling worthless",
    -3.0: "fraud fraudulent hyperinflation laundering ponzi rug rugged rugpull rugs scam scammed "
    "scammer scammers scams",
}

_PHRASES: Final[Mapping[float, str]] = {
    3.0: "all time high, all time highs, bears rekt, diamond hands, new highs, number go up, "
    "record high, record highs, send it, sent it, short squeeze, shorts liquidated, shorts "
    "rekt, shorts squeezed, so back, to the moon, up only",
    2.4: "bears can't, bears couldn't, bears fail to, bears failed to, bears unable to, bottom is "
    "in, bought the dip, break out, breaking out, breakout confirmed, breaks out, broke out, "
    "bull flag, bull market, bull run, bulls in control, buy signal, buy the dip, buyers in "
    "control, can't stop, cannot stop, chef's kiss, customer funds safe, eating good, face "
    "melting, fears unfounded, few understand, funds safe, god candle, goes live, golden "
    "cross, have fun staying poor, higher highs, killing it, leg up, life changing, love to "
    "see it, melt up, melting up, next leg up, no funds lost, nothing can stop, on fire, "
    "price discovery, ready to rip, record inflows, risk on, shrugs off, sick gains, snap up, "
    "snapping up, snaps up, spot etf approved, supply shock, unstoppable",
    1.8: "<percent> up, <rise>, above resistance, bitcoin reserve, buy wall, buying pressure, buys "
    "another, closes case, closes its case, cold storage, cooling inflation, cup and handle, "
    "cut rates, cuts crypto tax, cuts rates, cuts tax, cuts taxes, double bottom, drops case, "
    "drops charges, drops investigation, drops lawsuit, drops probe, early days, excess "
    "reserves, falling wedge, fee switch, fully backed, gas fees fall, goes up, going up, "
    "good sign, higher lows, in the green, inflation cools, legal tender, lifts ban, local "
    "bottom, moves up, opens bitcoin trading, opens crypto trading, paid off, past "
    "resistance, rate cut, rate cuts, record hash rate, rolls out, sides with, sold out, "
    "still early, strategic reserve, strong hands, tax cut, teams up, throws out, up "
    "<percent>, up again, up by <percent>, up from here, up today, wins appeal, wins case, "
    "wins lawsuit, without a hitch",
    0.0: "added support, adds support, bulls nor bears, bulls or bears, fear and greed, fear greed "
    "index, neither bulls nor bears, next upgrade, when in doubt",
    -1.8: "<fall>, <percent> down, bear market, bearish divergence, below support, break support, "
    "breaks support, broke support, bull trap, class action, crack down, cracks down, dead "
    "cat, dead cat bounce, demand dries up, demand evaporates, demand fades, double top, down "
    "<percent>, down again, down bad, down by <percent>, down hard, down today, dries up, "
    "drying up, fees surge, gas fees surge, ghost chain, goes dark, goes down, going down, "
    "heavy bags, heavy losses, higher for longer, hikes rates, hot inflation, imagine buying, "
    "imagine holding, in the red, insider trading, lays off, local top, loses its, loses "
    "support, losing its, loss making, lower highs, lower lows, max pain, moves down, nothing "
    "to see here, on hold, paper hands, profit taking, pulls out, raises rates, rate hike, "
    "rate hikes, rising wedge, risk off, sell pressure, sell the news, sell wall, selling "
    "pressure, shuts down, stopped out, take profits, takes profits, token unlock, totally "
    "normal, under key support, wash trading, what could go wrong, winding down, winds down, "
    "yeah right, yields jump, yields rise, yields spike, yields surge",
    -2.5: "all time low, bank run, bear flag, bears in control, blood in the streets, bulls can't, "
    "bulls couldn't, bulls fail to, bulls failed to, bulls unable to, cash grab, dead chain, "
    "dead coin, death cross, don't trust, dont trust, down only, exit liquidity, exit scam, "
    "exit scammed, foot pole, freezes withdrawals, funds missing, get out, goes to zero, "
    "going to zero, halts withdrawals, long squeeze, longs liquidated, longs rekt, loses its "
    "dollar peg, loses peg, lost its peg, margin call, margin called, margin calls, missing "
    "funds, money laundering, no bottom in sight, no end in sight, pauses withdrawals, "
    "private key leaked, record low, record lows, record outflows, rest in peace, rug pull, "
    "rug pulled, scam wick, sell signal, sellers in control, sellers take over, slow rug, so "
    "over, stay away, to zero, top is in, under maintenance, we're cooked, withdrawals frozen",
}

_EMOJI: Final[Mapping[float, str]] = {
    2.4: "🚀 🌕 🌙 📈 💎 🙌 🐂 🤑",
    1.2: "🔥 💪 ✅ 🟢 🎉 💰",
    0.0: "😂 🤣 😭 👀 💀 🧵 😅 🙏 👇 👆 📌 🔔 🤔 😉 😏 ⚡ 💸 🚨",
    -1.2: "🔴 ⚠ 🥶 😱 😬",
    -2.4: "📉 🩸 🐻 🤡 🧻 ☠ 🪦",
}

_SILENT: Final = """
active alert asset assets battle block blocked blocks challenge chance clear commit crazy credit
cut cuts damn dear defense energy euphoria free freedom fun gn greed haha hard harmony help
important insane interest interested join joke justice kind legal like lmao lol luck matter
matters natural no number original outstanding party pay play please pressure promise ready
resolve rich securities security share shared shares shit sick solid solution special stable stop
strike support supported supporting supports thank thanks top treasure treasury trust trusted
united value values vision want well worth wow yes
"""
"""Words VADER weighs that say nothing about a coin, or as often the one as the other."""

NEGATIONS: Final = (
    "no, no longer, no more, not a single, nobody, no one, none of, fails to, failed to, fail to, "
    "unable to, lack of, lacks, lacking, unlikely, far from, denies, deny, denied, dismisses, "
    "dismissed, rules out, neither, nor, stops, stopped, anymore, avoids, avoided, "
    "prevents, prevented, over with"
)
"""What turns the words after it, said in a way VADER does not know; read as "not"."""

EMPHASES: Final = "never more, never so"
"""What only sounds like a negation ("never been more bullish"); read as "very"."""

PRAISE: Final = frozenset(
    {"great", "nice", "oh", "wow", "lovely", "brilliant", "awesome", "cool", "amazing", "perfect"}
)
"""Opening a post and followed by a comma ("Great, another hack"), praise is seldom meant."""

_FILLERS: Final = (
    "a an the are were be been being get gets getting got has have had will would look seem seems "
    "like even any much of"
)

FILLERS: Final = frozenset(_FILLERS.split())
"""Words that only widen the distance between a negation and what it turns."""


def words() -> dict[str, float]:
    """Valence of every single word."""
    return _weighed(_WORDS, None)


def phrases() -> dict[str, float]:
    """Valence of every phrase of several words, in the keys of `tokens.py` and without fillers."""
    spoken = _weighed(_PHRASES, ",")
    return {without_fillers(phrase): valence for phrase, valence in spoken.items()}


def emoji() -> dict[str, float]:
    """Valence of every emoji that traders use their own way; 0 silences it."""
    return _weighed(_EMOJI, None)


def silent() -> frozenset[str]:
    """Words that shall weigh nothing, though VADER weighs them."""
    return frozenset(_SILENT.split())


def without_fillers(phrase: str) -> str:
    """The phrase as it is looked up."""
    return " ".join(word for word in phrase.split() if word not in FILLERS)


def _weighed(table: Mapping[float, str], separator: str | None) -> dict[str, float]:
    return {
        entry.strip(): valence
        for valence, entries in table.items()
        for entry in entries.split(separator)
    }
