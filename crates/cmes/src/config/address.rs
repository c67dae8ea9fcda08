//! Addresses in the configuration, with a message that says what is taken.

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};
use url::Url;

/// An address, where one is given.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let expected = "a whole address such as http://127.0.0.1:8888";
    text.parse().map(Some).map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &expected))
}
