//! The shape that an answer is held to: the part of JSON Schema that every
//! provider turns into a grammar, and our own check of it.
//!
//! Words outside of that part are refused when the schema is made, so that
//! nothing that it says goes unchecked.

use serde_json::Value;
use serde_json::value::RawValue;

/// Words that say something about a value.
const CHECKED: &[&str] = &[
    "type",
    "enum",
    "const",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
];
/// Words for the reader alone.
const REMARKS: &[&str] = &["title", "description"];

/// A schema with a name.
#[derive(Debug, Clone)]
pub struct JsonSchema {
    name: String,
    /// As written: the order of the properties is the order in which a model writes them.
    text: Box<RawValue>,
    schema: Value,
}

/// Why a value does not keep to a schema, or a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct SchemaError {
    /// Where, such as `$.people[3].name`.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl JsonSchema {
    /// Reads a schema. Its name is made of letters, digits and underscores; some APIs show it to the model.
    ///
    /// # Errors
    /// When the text is no JSON or uses words that are not checked here.
    pub fn new(name: &str, text: &str) -> Result<JsonSchema, SchemaError> {
        let no_json = |error: serde_json::Error| wrong("$", format!("this is no JSON: {error}"));
        let schema: Value = serde_json::from_str(text).map_err(no_json)?;
        check_words(&schema, "$")?;
        let compact = RawValue::from_string(text.trim().to_owned()).map_err(no_json)?;
        Ok(JsonSchema { name: name.to_owned(), text: compact, schema })
    }

    /// The same, but an answer keeps to it with or without these fields of the outermost object, whatever they hold. A model
    /// is asked for them like for the others; whoever reads the answer takes what is there, and what is missing or wrong
    /// costs nothing but itself.
    #[must_use]
    pub fn with_optional(mut self, fields: &[&str]) -> JsonSchema {
        let is_optional = |name: &Value| name.as_str().is_some_and(|name| fields.contains(&name));
        if let Some(required) = self.schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !is_optional(name));
        }
        for (name, property) in self.schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            if fields.contains(&name.as_str()) {
                *property = Value::Object(serde_json::Map::new());
            }
        }
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get()
    }

    /// The schema as it was written, to be put into other JSON.
    #[must_use]
    pub fn raw(&self) -> &RawValue {
        &self.text
    }

    /// The JSON in an answer, if it keeps to the schema. A code fence around it,
    /// which models like to draw, is taken off.
    ///
    /// # Errors
    /// Where it does not keep to the schema.
    pub fn find<'a>(&self, answer: &'a str) -> Result<&'a str, SchemaError> {
        let json = without_fence(answer.trim());
        let value = serde_json::from_str(json).map_err(|error| wrong("$", format!("this is no JSON: {error}")))?;
        check(&value, &self.schema, &mut String::from("$"))?;
        Ok(json)
    }
}

fn wrong(path: &str, reason: impl Into<String>) -> SchemaError {
    SchemaError { path: path.to_owned(), reason: reason.into() }
}

fn without_fence(text: &str) -> &str {
    let inside = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let Some(inside) = inside else { return text };
    inside.strip_prefix("json").unwrap_or(inside).trim()
}

fn check_words(schema: &Value, path: &str) -> Result<(), SchemaError> {
    let Some(words) = schema.as_object() else { return Err(wrong(path, "a schema is an object")) };
    let known = |word: &&String| CHECKED.contains(&word.as_str()) || REMARKS.contains(&word.as_str());
    if let Some(unknown) = words.keys().find(|word| !known(word)) {
        return Err(wrong(path, format!("“{unknown}” is not checked; use {}", CHECKED.join(", "))));
    }
    if words.get("additionalProperties").is_some_and(|more| more != &Value::Bool(false)) {
        return Err(wrong(path, "additionalProperties can only be false"));
    }
    for (name, property) in words.get("properties").and_then(Value::as_object).into_iter().flatten() {
        check_words(property, &format!("{path}.{name}"))?;
    }
    for choice in words.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        check_words(choice, path)?;
    }
    words.get("items").map_or(Ok(()), |items| check_words(items, &format!("{path}[]")))
}

/// `path` is where `value` stands; it is left as it was when the value is right.
fn check(value: &Value, schema: &Value, path: &mut String) -> Result<(), SchemaError> {
    check_type(value, schema, path)?;
    check_choice(value, schema, path)?;
    match value {
        Value::Object(fields) => check_fields(fields, schema, path),
        Value::Array(items) => check_items(items, schema, path),
        Value::String(text) => {
            // Counting characters is only needed when there is a limit.
            let length = || text.chars().count() as f64;
            check_range(length, schema, ("minLength", "maxLength"), "characters", path)
        }
        Value::Number(number) => {
            check_range(|| number.as_f64().unwrap_or(f64::NAN), schema, ("minimum", "maximum"), "as a number", path)
        }
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

fn check_type(value: &Value, schema: &Value, path: &str) -> Result<(), SchemaError> {
    let accepted: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    if accepted.iter().any(|name| is_of_type(value, name)) {
        return Ok(());
    }
    Err(wrong(path, format!("expected {}", accepted.join(" or "))))
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        // 3.0 is a whole number too, by the rules of JSON Schema.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}

fn check_choice(value: &Value, schema: &Value, path: &mut String) -> Result<(), SchemaError> {
    if schema["enum"].as_array().is_some_and(|choices| !choices.contains(value)) {
        return Err(wrong(path, "the value is not one of those that are allowed"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return Err(wrong(path, "the value is not the one that is allowed"));
    }
    let Some(choices) = schema["anyOf"].as_array() else { return Ok(()) };
    if choices.iter().any(|choice| check(value, choice, path).is_ok()) {
        return Ok(());
    }
    Err(wrong(path, "the value fits none of the shapes that are allowed"))
}

fn check_fields(fields: &serde_json::Map<String, Value>, schema: &Value, path: &mut String) -> Result<(), SchemaError> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in required {
        if !fields.contains_key(name) {
            return Err(wrong(path, format!("“{name}” is missing")));
        }
    }
    for (name, value) in fields {
        match schema["properties"].get(name) {
            Some(property) => within(path, &format!(".{name}"), |path| check(value, property, path))?,
            None if schema["additionalProperties"] == Value::Bool(false) => {
                return Err(wrong(path, "there are fields that were not asked for"));
            }
            None => {}
        }
    }
    Ok(())
}

fn check_items(items: &[Value], schema: &Value, path: &mut String) -> Result<(), SchemaError> {
    check_range(|| items.len() as f64, schema, ("minItems", "maxItems"), "items", path)?;
    let Some(shape) = schema.get("items") else { return Ok(()) };
    for (index, item) in items.iter().enumerate() {
        within(path, &format!("[{index}]"), |path| check(item, shape, path))?;
    }
    Ok(())
}

fn check_range(
    size: impl FnOnce() -> f64,
    schema: &Value,
    (least, most): (&str, &str),
    unit: &str,
    path: &str,
) -> Result<(), SchemaError> {
    let (least, most) = (schema[least].as_f64(), schema[most].as_f64());
    if least.is_none() && most.is_none() {
        return Ok(());
    }
    let size = size();
    if let Some(least) = least.filter(|least| size < *least) {
        return Err(wrong(path, format!("{size} {unit} is less than {least}")));
    }
    if let Some(most) = most.filter(|most| size > *most) {
        return Err(wrong(path, format!("{size} {unit} is more than {most}")));
    }
    Ok(())
}

fn within(
    path: &mut String,
    step: &str,
    check: impl FnOnce(&mut String) -> Result<(), SchemaError>,
) -> Result<(), SchemaError> {
    let length = path.len();
    path.push_str(step);
    check(path)?;
    path.truncate(length);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = r#"{
        "type": "object", "additionalProperties": false, "required": ["people", "score"],
        "properties": {
            "score": {"type": "integer", "minimum": 0, "maximum": 100},
            "people": {"type": "array", "maxItems": 2, "items": {
                "type": "object", "required": ["name"],
                "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 5},
                               "role": {"type": ["string", "null"]},
                               "rank": {"anyOf": [{"enum": ["high", "low"]}, {"type": "number"}]}}
            }}
        }
    }"#;

    fn find(answer: &str) -> Result<String, String> {
        let schema = JsonSchema::new("people", PEOPLE).expect("a schema");
        schema.find(answer).map(str::to_owned).map_err(|error| error.to_string())
    }

    #[test]
    fn what_keeps_to_the_schema_is_found() {
        for answer in [
            r#"{"score": 7, "people": []}"#,
            r#"{"score": 7.0, "people": [{"name": "Ann", "role": null, "rank": "low"}, {"name": "Zoë", "rank": 2.5}]}"#,
        ] {
            assert_eq!(find(answer).as_deref(), Ok(answer));
            assert_eq!(find(&format!("\n```json\n{answer}\n```\n")).as_deref(), Ok(answer));
            assert_eq!(find(&format!("```{answer}```")).as_deref(), Ok(answer));
        }
    }

    #[test]
    fn what_does_not_is_named_with_its_place() {
        let check = |answer: &str, expected: &str| {
            let error = find(answer).expect_err(answer);
            assert!(error.contains(expected), "{error:?} lacks {expected:?}");
        };
        check("Sure! Here it is", "$: this is no JSON");
        check(r#"{"score": 7, "people": []} and more"#, "$: this is no JSON");
        check(r#"{"score": 7, "people": ["#, "$: this is no JSON");
        check("[]", "$: expected object");
        check(r#"{"people": []}"#, "$: “score” is missing");
        check(r#"{"score": 101, "people": []}"#, "$.score: 101 as a number is more than 100");
        check(r#"{"score": 1.5, "people": []}"#, "$.score: expected integer");
        check(r#"{"score": 1, "people": [], "x": 1}"#, "not asked for");
        check(r#"{"score": 1, "people": [{"name": "Ann"}, {"name": ""}]}"#, "$.people[1].name: 0 characters");
        check(r#"{"score": 1, "people": [{"name": "Annabel"}]}"#, "$.people[0].name: 7 characters is more than 5");
        check(r#"{"score": 1, "people": [{"name": "Ann", "rank": "top"}]}"#, "$.people[0].rank: the value fits none");
        check(r#"{"score": 1, "people": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}"#, "3 items is more than 2");
        check(&"[".repeat(100_000), "$: this is no JSON");
    }

    #[test]
    fn a_schema_that_could_not_be_checked_is_refused() {
        for (schema, word) in [
            (r#"{"type": "string", "pattern": "a+"}"#, "pattern"),
            (r#"{"properties": {"a": {"items": {"oneOf": []}}}}"#, "$.a[]"),
            (r#"{"additionalProperties": {"type": "string"}}"#, "additionalProperties"),
            ("true", "an object"),
            ("{", "no JSON"),
        ] {
            let error = JsonSchema::new("x", schema).expect_err(schema).to_string();
            assert!(error.contains(word), "{error:?} lacks {word:?}");
        }
    }

    #[test]
    fn optional_fields_are_asked_for_and_may_be_missing_or_wrong() {
        let schema = JsonSchema::new("people", PEOPLE).expect("a schema");
        let lenient = schema.clone().with_optional(&["people"]);
        for answer in [r#"{"score": 7}"#, r#"{"score": 7, "people": null}"#, r#"{"score": 7, "people": [{"name": 1}]}"#]
        {
            assert_eq!((lenient.find(answer), schema.find(answer).is_err()), (Ok(answer), true));
        }
        for answer in [r#"{"people": []}"#, r#"{"score": 7, "person": []}"#, r#"{"score": "7"}"#] {
            assert!(lenient.find(answer).is_err(), "{answer}");
        }
        assert_eq!(lenient.text(), schema.text(), "the model is asked for all");
    }

    #[test]
    fn properties_keep_their_order() {
        let schema = JsonSchema::new("x", r#"{"properties": {"reasons": {}, "answer": {}}}"#).expect("a schema");
        assert_eq!(serde_json::to_string(schema.raw()).expect("JSON"), schema.text());
        assert!(schema.text().find("reasons") < schema.text().find("answer"));
    }
}
