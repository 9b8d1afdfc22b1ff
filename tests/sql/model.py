"""What each pattern means, in plain Python over lists of dicts. Knows nothing of SQL."""

from lake import key


def first(rows, columns, keys, order=()):
    """One row per key: the first by `order` [(column, descending)], then by all columns, largest first, NULL last."""
    rest = [(c, True) for c in columns if c not in keys and c not in dict(order)]
    chosen = list(rows)
    # Stable sorts, least important first.
    for column, descending in reversed(list(order) + rest):
        chosen.sort(key=lambda r: key(r[column]), reverse=descending)
        chosen.sort(key=lambda r: r[column] is None)
    picked = {}
    for row in chosen:
        picked.setdefault(tuple(row[k] for k in keys), row)
    return list(picked.values())


def append(source, target, watermark, initial=None):
    high = max((r[watermark] for r in target if r[watermark] is not None), default=None)
    new = [
        r
        for r in source
        if r[watermark] is not None
        and (r[watermark] > high if high is not None else initial is None or r[watermark] > initial)
    ]
    return target + new


def incremental_merge(source, target, columns, watermark, keys, initial=None):
    high = max((r[watermark] for r in target if r[watermark] is not None), default=None)
    new = [
        r
        for r in source
        if r[watermark] is not None
        and (r[watermark] >= high if high is not None else initial is None or r[watermark] > initial)
    ]
    return upsert(new, target, columns, keys, order=[(watermark, True)])


def upsert(source, target, columns, keys, updates=None, order=(), delete=False):
    updates = [c for c in (columns if updates is None else updates) if c not in keys]
    by_key = {tuple(r[k] for k in keys): r for r in first(source, columns, keys, order)}
    result = []
    seen = set()
    for row in target:
        at = tuple(row[k] for k in keys)
        seen.add(at)
        if at in by_key:
            result.append({**row, **{c: by_key[at][c] for c in updates}})
        elif not delete:
            result.append(row)
    for at, row in by_key.items():
        if at not in seen:
            result.append(row)
    return result


def scd2(source, target, columns, keys, now, end, compare=None, close_missing=False,
         names=("valid_from", "valid_to", "is_current")):
    begin, until, flag = names
    compare = [c for c in (columns if compare is None else compare) if c not in keys]
    incoming = {tuple(r[k] for k in keys): r for r in first(source, columns, keys)}
    result = []
    current = {}
    for row in target:
        at = tuple(row[k] for k in keys)
        if row[flag]:
            current[at] = row
            changed = at in incoming and any(incoming[at][c] != row[c] for c in compare)
            if changed or (close_missing and at not in incoming):
                row = {**row, until: now, flag: False}
        result.append(row)
    for at, row in incoming.items():
        if at not in current or any(row[c] != current[at][c] for c in compare):
            result.append({**{c: row[c] for c in columns}, begin: now, until: end, flag: True})
    return result


def snapshot(source, target, column, date):
    return [r for r in target if r[column] != date] + [{**r, column: date} for r in source]
