"""What customers write: themes by regular expressions of the lists' words, words by Python's jieba (0.42.1), log-odds by numpy."""

import logging
import re
import tomllib
import unicodedata
from functools import cache

import jieba
import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from dumps import ROOT
from shared import members, previous, q_values, spans, wilson

MIN_N, CUSTOMER, PRIOR, FEWEST, SHOWN = 5, "客户", 500, 3, 50
BY = {b: b for b in ("service_type", "branch", "product_model")}
ENDS = "。!?;\n"


def plain(text):
    """Small letters, half-width signs, single blanks, and none beside what is not ASCII."""
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    text = text.translate(str.maketrans({"‘": "'", "’": "'"}))
    text = re.sub(r"[^\S\n\r]+", " ", text)
    text = re.sub(r" ?[\n\r][\n\r ]*", "\n", text)
    text = re.sub(r"(?<![!-~]) | (?![!-~])", "", text)
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), text)


def edged(word):
    """The word as an expression; Latin letters and digits at its ends must not go on, but for an ending s."""
    ends = [c.isascii() and c.isalnum() for c in (word[0], word[-1])]
    after = "(?=s(?![a-z0-9])|[^a-z0-9]|$)" if ends[1] else ""
    return ("(?<![a-z0-9])" if ends[0] else "") + re.escape(word) + after


def spoken(words):
    """A word, or words of which each follows the one before in the same sentence; found at every place where it begins."""
    parts = [plain(word.strip()) for word in words.split("…")]
    reach = 40 if all(part.isascii() for part in parts) else 8
    return re.compile("(?=(" + f"[^{ENDS}]{{0,{reach}}}?".join(map(edged, parts)) + "))")


def lists():
    """Stop words, the lists' words, for each theme its expressions and those that it takes out, and the themes by what charts call them."""
    stop, words, expressions, labels = set(), [], {}, {}
    for language in ("zh", "en"):
        read = tomllib.loads((ROOT / f"pipelines/themes/{language}.toml").read_text("utf-8"))
        stop |= {plain(word.lower()) for word in read["stop"]}
        for name, theme in read["themes"].items():
            words += [(name, word) for word in theme["words"]]
            labels |= {name: name, theme["zh"]: name, theme["en"]: name}
            found = expressions.setdefault(name, ([], []))
            found[0].extend(map(spoken, theme["words"]))
            found[1].extend(map(spoken, theme.get("not", [])))
    return stop, words, expressions, labels


STOP, WORDS, EXPRESSIONS, LABELS = lists()


def placed(expressions, text):
    return [found.span(1) for expression in expressions for found in expression.finditer(text)]


@cache
def themes(text):
    """The themes of a text, those of no list as `(other)`; none where it says nothing."""
    if not any(c.isalnum() for c in text):
        return ()
    text = plain(text)
    found = []
    for name, (words, sayings) in EXPRESSIONS.items():
        spans_of = placed(words, text)
        out = placed(sayings, text) if spans_of else []
        if any(not any(a < end and start < b for a, b in out) for start, end in spans_of):
            found.append(name)
    return tuple(found) or ("(other)",)


def written(tickets, surveys):
    """The texts of each source, with their themes."""
    for source, frame, column in (("survey", surveys[surveys.evaluator == CUSTOMER], "suggestion"), ("ticket", tickets, "fault_description")):
        said = frame[frame[column].map(lambda text: isinstance(text, str) and any(c.isalnum() for c in text))]
        yield source, said.assign(text=said[column], themes=said[column].map(themes))


def opinion_themes(tickets, surveys):
    out, p, index = [], [], {}
    for source, said in written(tickets, surveys):
        split = members(spans(said), BY)
        of = split.groupby(["period", "breakdown"]).themes.agg(lambda all_of: sorted({theme for one in all_of for theme in one}))
        for (period_type, period, breakdown, member), group in split.groupby(["period_type", "period", "breakdown", "member"]):
            for theme in of[period, breakdown]:
                own = group[[theme in one for one in group.themes]]
                row = {"period_type": period_type, "period": period, "source": source, "breakdown": breakdown, "member": member,
                       "theme": theme, "n": len(group), "suppressed": len(group) < MIN_N}
                if not row["suppressed"]:
                    low, high = wilson(len(own), len(group))
                    row |= {"texts": len(own), "share": len(own) / len(group), "ci_low": low, "ci_high": high}
                    if source == "survey":
                        answers = own.overall.dropna()
                        row |= {"overall_answers": len(answers), "mean_overall": answers.mean() if len(answers) >= MIN_N else None}
                out.append(row)
            index[source, period, breakdown, member] = group.themes
    for row in out:
        before = index.get((row["source"], previous(row["period"]), row["breakdown"], row["member"]), ())
        p.append(None)
        if not row["suppressed"] and len(before) >= MIN_N:
            counts, of = [row["texts"], sum(row["theme"] in one for one in before)], [row["n"], len(before)]
            row |= {"previous_share": counts[1] / of[1], "change": row["share"] - counts[1] / of[1]}
            p[-1] = 1.0 if sum(counts) in (0, sum(of)) else proportions_ztest(counts, of)[1]
    return pd.DataFrame(out).assign(change_q=q_values(p))


def han(c):
    return "㐀" <= c <= "鿿" or "\U00020000" <= c <= "\U000323af"


def cutter():
    """Cuts a text into words that mean something, each once."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    words = jieba.Tokenizer()
    # In the order of the themes: how often a word is taken to be said depends on those before it.
    for _, word in sorted(WORDS, key=lambda own: list(EXPRESSIONS).index(own[0])):
        for part in map(plain, map(str.strip, word.split("…"))):
            if all(map(han, part)):
                words.add_word(part)

    @cache
    def cut(text):
        pieces = {piece.strip("'") for piece in words.cut(plain(text), HMM=True) if piece not in STOP}
        long = {piece for piece in pieces if len(piece) >= (2 if any(map(han, piece)) else 3)}
        return {piece for piece in long - STOP if all(unicodedata.category(c)[0] == "L" or c == "'" for c in piece)}
    return cut


def log_odds(words, others, said, others_said):
    """Monroe, Colaresi and Quinn (2008), equations 15, 16, 19 and 22: log-odds ratios and z, with both sides together as prior."""
    prior = PRIOR * (words + others) / (said + others_said)
    delta = np.log((words + prior) / (said + PRIOR - words - prior)) - np.log((others + prior) / (others_said + PRIOR - others - prior))
    return delta, delta / np.sqrt(1 / (words + prior) + 1 / (others + prior))


def opinion_terms(tickets, surveys):
    cut, parts = cutter(), []
    known = {word.lower() for _, word in WORDS if "…" not in word}
    for source, said in written(tickets, surveys):
        quarter = said.when.dt.year.astype(str) + "Q" + said.when.dt.quarter.astype(str)
        now, sides = said[quarter == "2026Q3"], {"previous": (said[quarter == "2026Q3"], said[quarter == "2026Q2"])}
        if source == "survey":
            sides["satisfied"] = now[now.overall < 4], now[now.overall >= 4]
        for against, (one, other) in sides.items():
            counts = [side.text.map(lambda text: sorted(cut(text))).explode().dropna().value_counts() for side in (one, other)]
            both = pd.concat(counts, axis=1, keys=["texts", "other_texts"]).fillna(0).astype(int)
            delta, z = log_odds(both.texts.to_numpy(float), both.other_texts.to_numpy(float), *both.sum().to_numpy(float))
            both = both.assign(log_odds=delta, z=z, n=len(one), other_n=len(other), source=source, against=against)
            parts.append(both[both.texts + both.other_texts >= FEWEST].rename_axis("term").reset_index())
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(period="2026Q3", q=q_values(2 * stats.norm.sf(abs(table.z))))
    table["in_themes"] = [any(word in term for word in known) for term in table.term]
    table = table[table.z > 0].sort_values(["source", "against", "z", "term"], ascending=[True, True, False, True])
    table["rank"] = table.groupby(["source", "against"]).cumcount() + 1
    return table[table["rank"] <= SHOWN].reset_index(drop=True)


def tables(tickets, surveys):
    return {"opinion_themes": opinion_themes(tickets, surveys), "opinion_terms": opinion_terms(tickets, surveys)}
