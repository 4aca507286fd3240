// Whether a value is what a reduced JSON Schema allows. The answer is the value as a ledger writes it: defaults filled in, nulls left out.
// Only what the ledger's own schemas use is understood; anything else in a schema is an error of this program, and says so.

class SchemaFault extends Error {}

const UNDERSTOOD = new Set([
  "additionalProperties", "anyOf", "const", "default", "enum", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
  "minLength", "minProperties", "minimum", "oneOf", "pattern", "patternProperties", "prefixItems", "properties", "propertyNames", "$ref",
  "required", "type",
]);

/** A function of (value, path) that gives the value as written, or raises SchemaFault. */
function compileSchema(schema, models) {
  for (const word of Object.keys(schema)) if (!UNDERSTOOD.has(word)) throw new Error(`a schema with ${word} is not understood`);
  if (schema.$ref) {
    let compiled = null;
    return (value, path) => (compiled = compiled || compileSchema(models[schema.$ref], models))(value, path);
  }
  if (schema.anyOf) return compileAny(schema.anyOf.map((inner) => compileSchema(inner, models)));
  if (schema.oneOf) return compileForms(schema.oneOf, models);
  if ("const" in schema) return compileChoice([schema.const]);
  if (schema.enum) return compileChoice(schema.enum);
  switch (schema.type) {
    case "string":
      return compileText(schema);
    case "integer":
      return compileInteger(schema);
    case "array":
      return compileList(schema, models);
    case "object":
      return schema.properties ? compileRecord(schema, models) : compileMap(schema, models);
    case "boolean":
      return (value, path) => (typeof value === "boolean" ? value : faultAt(path, "not true or false"));
    case "null":
      return (value, path) => (value === null ? value : faultAt(path, "this field does not stand in an entry"));
    default:
      return (value) => value;
  }
}

function faultAt(path, why) {
  throw new SchemaFault(`${path}: ${why}`);
}

function compileAny(alternatives) {
  return (value, path) => {
    let first = null;
    for (const alternative of alternatives) {
      try {
        return alternative(value, path);
      } catch (error) {
        if (!(error instanceof SchemaFault)) throw error;
        first = first || error;
      }
    }
    throw first;
  };
}

/** One of several records, told apart by the constant `form`, which has to be there. */
function compileForms(alternatives, models) {
  const forms = new Map();
  for (const { $ref } of alternatives) forms.set(models[$ref].properties.form.const, compileSchema({ $ref }, models));
  return (value, path) => {
    const form = forms.get(member(value, "form"));
    return form ? form(value, path) : faultAt(`${path}.form`, "no known form");
  };
}

function compileChoice(allowed) {
  const known = new Set(allowed);
  return (value, path) => (known.has(value) ? value : faultAt(path, `none of ${allowed.join(", ")}`));
}

function compileText({ pattern, minLength = 0, maxLength = Infinity }) {
  const expression = pattern === undefined ? null : new RegExp(pattern, "u");
  return (value, path) => {
    if (typeof value !== "string") faultAt(path, "not a text");
    if (expression && !expression.test(value)) faultAt(path, `not of the form ${pattern}`);
    if (value.length < minLength) faultAt(path, "too short");
    if (value.length > maxLength && Array.from(value).length > maxLength) faultAt(path, `longer than ${maxLength} characters`);
    return value;
  };
}

function compileInteger({ minimum = -Infinity, maximum = Infinity }) {
  return (value, path) => {
    if (!Number.isSafeInteger(value)) faultAt(path, "not a whole number below 2^53");
    if (value < minimum || value > maximum) faultAt(path, `not between ${minimum} and ${maximum}`);
    return value;
  };
}

function compileList({ items, prefixItems, minItems = 0, maxItems = Infinity }, models) {
  const each = items ? compileSchema(items, models) : null;
  const places = prefixItems ? prefixItems.map((inner) => compileSchema(inner, models)) : null;
  return (value, path) => {
    if (!Array.isArray(value)) faultAt(path, "not a list");
    if (value.length < minItems || value.length > maxItems) faultAt(path, `not ${minItems} to ${maxItems} items`);
    return value.map((inner, at) => (places ? places[at] : each)(inner, `${path}[${at}]`));
  };
}

function compileMap({ propertyNames, patternProperties, additionalProperties, minProperties = 0, maxProperties = Infinity }, models) {
  const [pattern, inner] = patternProperties ? Object.entries(patternProperties)[0] : [null, additionalProperties];
  const expression = pattern === null ? null : new RegExp(pattern, "u");
  const names = propertyNames ? compileSchema(propertyNames, models) : null;
  const each = compileSchema(inner, models);
  return (value, path) => {
    if (!isObject(value)) faultAt(path, "not an object");
    const entries = Object.entries(value);
    if (entries.length < minProperties || entries.length > maxProperties) faultAt(path, `not ${minProperties} to ${maxProperties} members`);
    const written = {};
    for (const [name, found] of entries) {
      if (expression && !expression.test(name)) faultAt(`${path}.${name}`, `its name is not of the form ${pattern}`);
      if (names) names(name, `${path}.${name}`);
      written[name] = each(found, `${path}.${name}`);
    }
    return written;
  };
}

function compileRecord({ properties, required = [] }, models) {
  const fields = new Map(Object.entries(properties).map(([name, inner]) => [name, compileSchema(inner, models)]));
  const defaults = Object.entries(properties).filter(([, inner]) => "default" in inner && inner.default !== null);
  return (value, path) => {
    if (!isObject(value)) faultAt(path, "not an object");
    const written = {};
    for (const name of Object.keys(value)) {
      const field = fields.get(name);
      if (field === undefined) faultAt(`${path}.${name}`, "there is no such field here");
      const found = field(value[name], `${path}.${name}`);
      if (found !== null) written[name] = found;
    }
    for (const name of required) if (!Object.hasOwn(value, name)) faultAt(`${path}.${name}`, "this field is required");
    for (const [name, inner] of defaults) {
      if (!Object.hasOwn(value, name)) written[name] = withoutNulls(inner.default);
    }
    return written;
  };
}

function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).map(([name, inner]) => [name, withoutNulls(inner)]));
}
