//! `CMES_<SECTION>__<KEY>`: settings from the environment.

use toml::{Table, Value};

use super::{Config, ConfigError, secret};

const PREFIX: &str = "CMES_";

/// The settings in the variables: section, key, value.
///
/// A variable is text, a setting may be a number, a list or text that looks
/// like a number. So the value is tried as TOML, as a comma-separated list and
/// as text, and the first that suits the key is taken.
pub(super) fn overrides(
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Vec<(String, String, Value)>, ConfigError> {
    let mut ours: Vec<_> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    ours.sort();
    ours.into_iter().map(|(name, text)| one(&name, &text)).collect()
}

fn one(name: &str, text: &str) -> Result<(String, String, Value), ConfigError> {
    let lower = name[PREFIX.len()..].to_lowercase();
    let (section, key) = lower.split_once("__").ok_or_else(|| {
        ConfigError::new(format!("the variable {name} is no setting: they are named CMES_<SECTION>__<KEY>"))
    })?;
    if let Some(key) = secret::key_of_file(section, key) {
        let value = secret::read_file(text, &format!("the variable {name}"))?;
        return Ok((section.to_owned(), key.to_owned(), value.into()));
    }
    let mut mistake = None;
    for value in readings(text) {
        match suits(section, key, &value) {
            Ok(()) => return Ok((section.to_owned(), key.to_owned(), value)),
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

fn suits(section: &str, key: &str, value: &Value) -> Result<(), toml::de::Error> {
    let keys = Table::from_iter([(key.to_owned(), value.clone())]);
    Table::from_iter([(section.to_owned(), Value::Table(keys))]).try_into::<Config>().map(|_| ())
}
