// Whether the choices of a ballot are possible, and whether they suffice to be counted (docs/formats/rules.md, Ballots).

/** A function that gives the first fault of a ballot's entries, { code, place }, or null. */
function choiceChecker(form, items) {
  switch (form.form) {
    case "cumulative":
      return pointsChecker(form, items);
    case "score":
      return valueChecker(items, form.min_score, form.max_score);
    case "yes_no_blank":
      return valueChecker(items, -1, 1);
    case "cart":
      return cartChecker(form, items);
    case "approval":
      return form.max_per_category === undefined ? positionChecker(form.max, items) : categoryChecker(form, items);
    case "ranked":
      return positionChecker(form.max_length, items);
    default:
      return positionChecker(1, items);
  }
}

function positionChecker(limit, items) {
  const most = limit ?? items.length;
  return (entries) => {
    const seen = new Set();
    for (let place = 0; place < entries.length; place += 1) {
      const position = entries[place];
      if (typeof position !== "number") return { code: "wrong-shape", place };
      if (position >= items.length) return { code: "unknown-position", place };
      if (seen.has(position)) return { code: "repeated-position", place };
      seen.add(position);
    }
    return entries.length > most ? { code: "too-many-choices", place: most } : null;
  };
}

function categoryChecker(form, items) {
  const fits = positionChecker(form.max, items);
  return (entries) => {
    const fault = fits(entries);
    if (fault !== null) return fault;
    const taken = new Map();
    for (let place = 0; place < entries.length; place += 1) {
      const { category } = items[entries[place]];
      if (category === null) continue;
      taken.set(category, (taken.get(category) ?? 0) + 1);
      if (taken.get(category) > form.max_per_category) return { code: "too-many-in-category", place };
    }
    return null;
  };
}

/** The index at which the running sum of amounts passes the limit, or -1. Sums of money are exact as BigInt. */
function placeOver(amounts, limit) {
  let total = 0n;
  for (let place = 0; place < amounts.length; place += 1) {
    total += BigInt(amounts[place]);
    if (total > BigInt(limit)) return place;
  }
  return -1;
}

function cartChecker(form, items) {
  const fits = positionChecker(form.max_items, items);
  return (entries) => {
    const fault = fits(entries);
    if (fault !== null) return fault;
    const costs = entries.map((position) => items[position].cost);
    // Costs are never negative: where a running sum is above the budget, so is the whole.
    const place = placeOver(costs, form.budget_minor);
    return place < 0 ? null : { code: "over-budget", place };
  };
}

function pointsChecker(form, items) {
  const fits = valueChecker(items, 0, form.max_per_item ?? form.sum, form.max_items);
  return (entries) => {
    const fault = fits(entries);
    if (fault !== null) return fault;
    const place = placeOver(entries.map(([, value]) => value), form.sum);
    return place < 0 ? null : { code: "over-sum", place };
  };
}

function valueChecker(items, least, most, limit) {
  const mostEntries = limit ?? items.length;
  return (entries) => {
    const seen = new Set();
    for (let place = 0; place < entries.length; place += 1) {
      if (!Array.isArray(entries[place])) return { code: "wrong-shape", place };
      const [position, value] = entries[place];
      if (position >= items.length) return { code: "unknown-position", place };
      if (seen.has(position)) return { code: "repeated-position", place };
      seen.add(position);
      if (value < least || value > most) return { code: "value-out-of-range", place };
    }
    return entries.length > mostEntries ? { code: "too-many-choices", place: mostEntries } : null;
  };
}

/** True when a possible ballot is recorded and not counted, because it has less than the rules ask for. A blank one never is. */
function isBelowMinimum(entries, form, items) {
  if (!entries.length) return false;
  const least = { approval: form.min, ranked: form.min_length, cart: form.min_items, cumulative: form.min_items }[form.form];
  if (least !== undefined && entries.length < least) return true;
  const sum = (amounts) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
  if (form.form === "cart" && form.min_spend_minor !== undefined) {
    return sum(entries.map((position) => items[position].cost)) < BigInt(form.min_spend_minor);
  }
  if (form.form === "cumulative" && form.min_sum !== undefined) return sum(entries.map(([, points]) => points)) < BigInt(form.min_sum);
  return false;
}

/** The choices that a disclosed value states, or null where it is no list of positions or of pairs. */
function asEntries(value) {
  if (!Array.isArray(value) || value.length > 1000) return null;
  const isPosition = (one) => Number.isSafeInteger(one) && one >= 0;
  if (value.every((one) => typeof one === "number")) return value.every(isPosition) ? value : null;
  const isPair = (one) => Array.isArray(one) && one.length === 2 && isPosition(one[0]) && Number.isSafeInteger(one[1]);
  return value.every(isPair) ? value : null;
}
