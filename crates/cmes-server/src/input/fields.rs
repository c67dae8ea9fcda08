//! The fields of a request body, read as tolerantly as the API promises.
//!
//! Names match without regard to case; numbers may be numeric strings and
//! booleans `"true"`/`"false"`; `null` is absent; unknown fields are ignored and
//! named in the header `Ignored-Fields`. Whatever is wrong with several fields
//! is said at once.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use cmes_app::FieldError;
use cmes_types::{DayEnd, LanguageCode, Timestamp, lenient_json};
use http::{HeaderName, HeaderValue, header};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use uuid::Uuid;

use crate::Server;
use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

const IGNORED_FIELDS: HeaderName = HeaderName::from_static("ignored-fields");
/// Longest value of `Ignored-Fields`; clients limit the size of headers.
const LONGEST_IGNORED: usize = 1_000;

/// A request that can be read from fields.
pub(crate) trait FromFields: Sized {
    /// Takes its fields; what is wrong is noted in `fields`, and then the value
    /// returned is not used.
    fn from_fields(fields: &mut Fields) -> Self;
}

/// The body of a request, read as `T`.
pub(crate) struct Input<T>(pub(crate) T);

/// The body of a request as it came, within the limits of size and time.
pub(crate) struct RawBody(pub(crate) Bytes);

impl FromRequest<Arc<Server>> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Problem> {
        let limit = server.options.max_body_bytes;
        let too_large = || Problem::new(Kind::ContentTooLarge, format!("a request may have at most {limit} bytes"));
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: u64| length > limit as u64) {
            return Err(too_large());
        }
        let incomplete = || Problem::new(Kind::IncompleteBody, "the body did not arrive completely; send it again");
        let read = axum::body::to_bytes(request.into_body(), limit);
        match tokio::time::timeout(server.options.body_timeout, read).await {
            Ok(Ok(bytes)) => Ok(Self(bytes)),
            Ok(Err(error)) if is_length_limit(&error) => Err(too_large()),
            Ok(Err(_)) | Err(_) => Err(incomplete()),
        }
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}

impl<T: FromFields> FromRequest<Arc<Server>> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Problem> {
        let context = request.extensions().get::<Arc<RequestContext>>().cloned();
        let RawBody(body) = RawBody::from_request(request, server).await?;
        let mut fields = Fields::parse(body)?;
        let value = T::from_fields(&mut fields);
        let ignored = fields.finish()?;
        if let (Some(context), Some(names)) = (context, ignored_header(&ignored)) {
            context.add_header(IGNORED_FIELDS, names);
        }
        Ok(Self(value))
    }
}

/// The names, comma-separated; what a header cannot hold is percent-encoded.
fn ignored_header(names: &[String]) -> Option<HeaderValue> {
    let mut text = String::new();
    for name in names {
        let printable = |c: char| c.is_ascii_graphic() && !matches!(c, ',' | '%' | '"');
        let encoded: String = name
            .chars()
            .map(|c| {
                let mut utf8 = [0; 4];
                let bytes = c.encode_utf8(&mut utf8).bytes();
                if printable(c) { c.to_string() } else { bytes.map(|byte| format!("%{byte:02X}")).collect() }
            })
            .collect();
        if text.len() + encoded.len() > LONGEST_IGNORED {
            break;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&encoded);
    }
    if text.is_empty() { None } else { HeaderValue::try_from(text).ok() }
}

/// The fields of a body that have not been taken yet.
#[derive(Debug)]
pub(crate) struct Fields {
    body: Bytes,
    given: Vec<(String, Value)>,
    errors: Vec<FieldError>,
}

/// The members of an object in their order, repeated ones included.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Fields {
    /// Reads a body; an empty one is an empty object.
    pub(crate) fn parse(body: Bytes) -> Result<Self, Problem> {
        let text = std::str::from_utf8(&body)
            .map_err(|_| Problem::new(Kind::BadJson, "the body is not UTF-8; send JSON in UTF-8"))?;
        if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
            return Ok(Self { body: Bytes::from_static(b"{}"), given: Vec::new(), errors: Vec::new() });
        }
        let Members(given) = lenient_json::from_str(text)
            .map_err(|error| Problem::new(Kind::BadJson, format!("the body is no JSON object: {error}")))?;
        let mut seen: std::collections::HashMap<String, &String> = std::collections::HashMap::new();
        for (name, _) in &given {
            if let Some(first) = seen.insert(name.to_ascii_lowercase(), name) {
                let detail = format!("“{first}” and “{name}” are the same field; send it once");
                let fields = vec![FieldError { field: name.clone(), detail: format!("repeats “{first}”") }];
                return Err(Problem { fields, ..Problem::new(Kind::DuplicateField, detail) });
            }
        }
        Ok(Self { body, given, errors: Vec::new() })
    }

    /// The whole body as strict JSON.
    pub(crate) fn body(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        match serde_json::from_str::<&serde_json::value::RawValue>(&text) {
            Ok(json) => json.get().to_owned(),
            Err(_) => lenient_json::normalize(&text),
        }
    }

    /// Ends the reading: the names that nobody took, or what was wrong.
    pub(crate) fn finish(self) -> Result<Vec<String>, Problem> {
        if self.errors.is_empty() {
            return Ok(self.given.into_iter().map(|(name, _)| name).collect());
        }
        Err(Problem::from(cmes_app::Error::Fields(self.errors)))
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.given.iter().position(|(given, _)| given.eq_ignore_ascii_case(name))?;
        Some(self.given.remove(at).1).filter(|value| !value.is_null())
    }

    /// Takes a field under another name too, as if it had been given by its own.
    pub(crate) fn alias(&mut self, alias: &str, name: &str) {
        let given = |fields: &Self, name: &str| {
            fields.given.iter().position(|(given, value)| given.eq_ignore_ascii_case(name) && !value.is_null())
        };
        match (given(self, alias), given(self, name)) {
            (Some(_), Some(_)) => self.refuse(alias, format!("means the same as {name}; give one of the two")),
            (Some(_), None) => {
                self.given.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
                if let Some((given, _)) = self.given.iter_mut().find(|(given, _)| given.eq_ignore_ascii_case(alias)) {
                    name.clone_into(given);
                }
            }
            _ => {}
        }
    }

    /// Number of faults that were noted.
    pub(crate) fn faults(&self) -> usize {
        self.errors.len()
    }

    /// Notes what is wrong with a field.
    pub(crate) fn refuse(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError { field: name.to_owned(), detail: detail.into() });
    }

    fn read<T>(&mut self, name: &str, takes: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.take(name)?;
        let read = read(&value);
        if read.is_none() {
            self.refuse(name, format!("takes {takes}"));
        }
        read
    }

    /// Text of at most so many characters.
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.take(name)?;
        match value {
            // No text has more characters than bytes, so counting is rarely needed.
            Value::String(text) if text.len() <= longest || text.chars().count() <= longest => Some(text),
            Value::String(_) => {
                self.refuse(name, format!("takes at most {longest} characters"));
                None
            }
            _ => {
                self.refuse(name, "takes text in quotes");
                None
            }
        }
    }

    /// Text that has to be there and is not blank.
    pub(crate) fn required_text(&mut self, name: &str, longest: usize) -> String {
        let before = self.errors.len();
        let text = self.text(name, longest).unwrap_or_default();
        if text.trim().is_empty() && self.errors.len() == before {
            self.refuse(name, "is required");
        }
        text
    }

    /// Text of at most so many characters that is to be kept. Databases do not keep U+0000.
    pub(crate) fn kept_text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.text(name, longest)?;
        if text.contains('\0') {
            self.refuse(name, "takes text without the character U+0000");
            return None;
        }
        Some(text)
    }

    /// The same where something that is not blank has to stand, if the field is given.
    pub(crate) fn kept_name(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.kept_text(name, longest)?;
        if text.trim().is_empty() {
            self.refuse(name, "takes text that is not blank");
            return None;
        }
        Some(text)
    }

    /// `true` or `false`, also in quotes.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read(name, "true or false", |value| match value {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }

    /// A whole number, also in quotes.
    pub(crate) fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let takes = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(name, &takes, |value| {
            let number = match value {
                Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            number.filter(|number| range.contains(number))
        })
    }

    /// An identifier; an empty one is absent.
    pub(crate) fn uuid(&mut self, name: &str) -> Option<Uuid> {
        self.read(name, "a UUID, such as 57bb5a9a-e115-4a0e-a15d-85527b82a344", |value| {
            let text = value.as_str()?.trim();
            if text.is_empty() { Some(None) } else { Uuid::parse_str(text).ok().map(Some) }
        })
        .flatten()
    }

    /// A date or moment; a date alone is the start of that day.
    pub(crate) fn date(&mut self, name: &str) -> Option<Timestamp> {
        self.read(name, "a date of ISO 8601, such as 2024-11-01 or 2024-11-01T17:04:56Z", |value| {
            let text = value.as_str()?.trim();
            if text.is_empty() { Some(None) } else { Timestamp::parse(text, DayEnd::Start).ok().map(Some) }
        })
        .flatten()
    }

    /// A list of at most so many values, each read by this function; a single value is a list of one.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        takes: &str,
        most: usize,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let takes = format!("a list of at most {most} {takes}");
        self.read(name, &takes, |value| match value {
            Value::Array(values) if values.len() <= most => values.iter().map(&read).collect(),
            Value::Array(_) => None,
            one => read(one).map(|one| vec![one]),
        })
    }

    /// An identifier that has to be there.
    pub(crate) fn required_uuid(&mut self, name: &str) -> Uuid {
        let before = self.errors.len();
        let id = self.uuid(name);
        if id.is_none() && self.errors.len() == before {
            self.refuse(name, "is required");
        }
        id.unwrap_or_default()
    }

    /// A date or moment that has to be there; a date alone is one end of that day.
    pub(crate) fn required_date(&mut self, name: &str, day_end: DayEnd) -> Timestamp {
        let before = self.errors.len();
        let moment = self.read(name, "a date of ISO 8601, such as 2024-11-01 or 2024-11-01T17:04:56Z", |value| {
            Timestamp::parse(value.as_str()?, day_end).ok()
        });
        if moment.is_none() && self.errors.len() == before {
            self.refuse(name, "is required");
        }
        moment.unwrap_or_default()
    }

    /// One of these words, without regard to case; an empty one is absent.
    pub(crate) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let takes = words.join(", ");
        self.read(name, &takes, |value| {
            let text = value.as_str()?.trim();
            if text.is_empty() {
                return Some(None);
            }
            choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, choice)| Some(*choice))
        })
        .flatten()
    }

    /// A language by its ISO 639-1 code.
    pub(crate) fn language(&mut self, name: &str) -> Option<LanguageCode> {
        self.read(name, "a language code of ISO 639-1, such as en", |value| {
            let text = value.as_str()?.trim();
            // Unlike in pages, a region is not part of the code here.
            if text.len() == 2 { text.parse().ok() } else { None }
        })
    }
}

/// `10.0` is as whole as `10`.
#[expect(clippy::cast_possible_truncation, reason = "the range of exact whole floats is checked")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

#[cfg(test)]
mod tests;
