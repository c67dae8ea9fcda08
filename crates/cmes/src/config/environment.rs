//! `CMES_<SECTION>__<KEY>`, and `CMES_<SECTION>__<PART>__<KEY>` where a section has parts: settings from the environment.

use toml::{Table, Value};

use super::{Config, ConfigError, secret};

const PREFIX: &str = "CMES_";

/// The path of a setting: its section, the part of it if it has some, and its key.
pub(super) type Path = Vec<String>;

/// The settings in the variables, by their paths.
///
/// A variable is text, a setting may be a number, a list or text that looks
/// like a number. So the value is tried as TOML, as a comma-separated list and
/// as text, and the first that suits the key is taken.
pub(super) fn overrides(variables: impl Iterator<Item = (String, String)>) -> Result<Vec<(Path, Value)>, ConfigError> {
    let mut ours: Vec<_> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    ours.sort();
    ours.into_iter().map(|(name, text)| one(&name, &text)).collect()
}

/// Puts a setting in its place, whatever was there.
pub(super) fn put(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [part, rest @ ..] => {
            let part = table.entry(part).or_insert_with(|| Table::new().into());
            if let Some(part) = part.as_table_mut() {
                put(part, rest, value);
            }
        }
    }
}

fn one(name: &str, text: &str) -> Result<(Path, Value), ConfigError> {
    let path: Path = name[PREFIX.len()..].to_lowercase().split("__").map(str::to_owned).collect();
    let [sections @ .., key] = path.as_slice() else { return Err(no_setting(name)) };
    if sections.is_empty() {
        return Err(no_setting(name));
    }
    if let Some(key) = secret::key_of_file(&sections.join("."), key) {
        let value = secret::read_file(text, &format!("the variable {name}"))?;
        return Ok((sections.iter().cloned().chain([key.to_owned()]).collect(), value.into()));
    }
    let mut mistake = None;
    for value in readings(text) {
        match suits(&path, &value) {
            Ok(()) => return Ok((path, value)),
            // The last reading is as text, whose error tells what is accepted.
            Err(error) => mistake = Some(error),
        }
    }
    let mistake = mistake.map(|error| error.message().to_owned()).unwrap_or_default();
    Err(ConfigError::new(format!("the variable {name} with the value “{text}” cannot be used: {mistake}")))
}

fn readings(text: &str) -> Vec<Value> {
    let as_toml = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value"));
    let parts = text.split(',').map(|part| Value::from(part.trim()));
    let as_list = Value::Array(parts.filter(|part| part.as_str() != Some("")).collect());
    as_toml.into_iter().chain([as_list, Value::from(text)]).collect()
}

fn no_setting(name: &str) -> ConfigError {
    ConfigError::new(format!("the variable {name} is no setting: they are named CMES_<SECTION>__<KEY>"))
}

fn suits(path: &[String], value: &Value) -> Result<(), toml::de::Error> {
    let mut table = Table::new();
    put(&mut table, path, value.clone());
    table.try_into::<Config>().map(|_| ())
}
