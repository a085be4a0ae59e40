#!/usr/bin/env python3
"""Counts a Pabulib file independently of the Swift code and compares with the city's own decision.

Usage: count_budget.py FILE.pb...      Standard library only, exact fractions, one JSON line per file:
{"file", "rule", "winners", "official", "same"}. Exit code 1 when a result differs from `selected`.
"""

import csv
import json
import re
import sys
from fractions import Fraction


def read(path):
    sections, name = {}, None
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if not row:
                continue
            if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
                name, header = row[0], None
                sections[name] = []
            elif header is None:
                header = row
            else:
                sections[name].append(dict(zip(header, row)))
    meta = {row["key"]: row["value"] for row in sections["META"]}
    # A project named twice on one ballot counts once: a ballot is a set.
    ballots = [{p.strip() for p in row["vote"].split(",")} if row["vote"] else set() for row in sections["VOTES"]]
    return meta, sections["PROJECTS"], ballots


def number(text):
    return Fraction(text.strip().replace(",", "."))


def id_key(text):
    """Runs of digits as numbers, other bytes by value, plain bytes last."""
    parts = re.findall(rb"[0-9]+|[^0-9]", text.encode())
    # A digit run and another byte compare by their first byte, like 0x30 against that byte.
    return [(0x30, int(p)) if p[:1].isdigit() else (p[0], 0) for p in parts], text.encode()


def greedy(rule, cost, score, order, budget, threshold):
    winners = []
    for project in order:
        if rule == "greedy-threshold" and score[project] < threshold:
            continue
        if cost[project] <= budget:
            winners.append(project)
            budget -= cost[project]
        elif rule == "greedy-no-skip":
            break
    return winners


def equal_shares(cost, groups, order, start):
    """groups: {approval set: voters}. `order` settles ties."""
    money = {group: start for group in groups}
    winners, left = [], list(order)
    while True:
        best = None
        for project in left:
            wallets = sorted((money[g], groups[g]) for g in groups if project in g)
            voters, due = sum(count for _, count in wallets), cost[project]
            if sum(amount * count for amount, count in wallets) < due:
                continue
            for amount, count in wallets:
                payment = due / voters
                if amount >= payment:
                    break
                due -= amount * count
                voters -= count
            if best is None or payment / cost[project] < best[0]:
                best = (payment / cost[project], project, payment)
        if best is None:
            return winners
        _, project, payment = best
        winners.append(project)
        left.remove(project)
        for group in groups:
            if project in group:
                money[group] -= min(money[group], payment)


def add_one(cost, ballots, order, budget, progress):
    order = [p for p in order if any(p in ballot for ballot in ballots)]
    if sum(cost[p] for p in order) <= budget:
        return order
    groups = {}
    for ballot in ballots:
        groups[frozenset(ballot)] = groups.get(frozenset(ballot), 0) + 1
    start, last, rounds = budget / len(ballots), [], 0
    while True:
        winners = equal_shares(cost, groups, order, start)
        if sum(cost[p] for p in winners) > budget:
            return last
        last, start, rounds = winners, start + 1, rounds + 1
        if progress and rounds % 20 == 0:
            print(f"round {rounds}", file=sys.stderr)


def main():
    differs = False
    for path in sys.argv[1:]:
        meta, rows, ballots = read(path)
        cost = {row["project_id"]: number(row["cost"]) for row in rows}
        votes = dict.fromkeys(cost, 0)
        for ballot in ballots:
            for project in ballot:
                votes[project] += 1
        score = {row["project_id"]: number(row["score"]) for row in rows} if "score" in rows[0] else votes
        budget, rule = number(meta["budget"]), meta["rule"]
        if rule == "equalshares/add1":
            order = sorted(cost, key=lambda p: (-votes[p], cost[p], id_key(p)))
            winners = add_one(cost, ballots, order, budget, sys.stderr.isatty())
        elif rule in ("greedy", "greedy-no-skip", "greedy-threshold"):
            order = sorted(cost, key=lambda p: (-score[p], cost[p], id_key(p)))
            threshold = number(meta.get("min_project_score_threshold", "0"))
            winners = greedy(rule, cost, score, order, budget, threshold)
        else:
            sys.exit(f"{path}: unknown rule {rule}")
        official = [row["project_id"] for row in rows if row.get("selected") == "1"]
        same = sorted(winners) == sorted(official)
        differs = differs or not same
        name = path.split("/")[-1]
        print(json.dumps({"file": name, "rule": rule, "winners": winners, "official": official, "same": same}))
    sys.exit(1 if differs else 0)


if __name__ == "__main__":
    main()
