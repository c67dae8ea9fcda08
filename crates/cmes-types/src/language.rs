//! Languages by their ISO 639-1 code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The 183 codes of ISO 639-1, in order.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy \
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig \
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg \
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

/// A language known to ISO 639-1, such as `en`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageCode([u8; 2]);

/// Text that is no language code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no language: use a two-letter ISO 639-1 code such as en")]
pub struct ParseLanguageError(String);

impl LanguageCode {
    /// English, the default of the API.
    pub const ENGLISH: Self = Self(*b"en");

    /// The two letters, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("en")
    }
}

impl FromStr for LanguageCode {
    type Err = ParseLanguageError;

    /// Case does not matter; a language tag (`de-AT`, `pt_BR`) counts by its
    /// first part (RFC 5646).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match *primary.as_bytes() {
            [a, b] if CODES.split_ascii_whitespace().any(|code| code == primary) => Ok(Self([a, b])),
            _ => Err(ParseLanguageError(text.to_owned())),
        }
    }
}

impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Default for LanguageCode {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl Serialize for LanguageCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LanguageCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_without_regard_to_case_and_region() {
        for (text, code) in [("en", "en"), ("DE", "de"), ("pt-BR", "pt"), ("zh_Hans_CN", "zh"), (" ja ", "ja")] {
            assert_eq!(text.parse::<LanguageCode>().expect("a language").as_str(), code);
        }
        for text in ["", "e", "xx", "eng", "english", "日本", "e n"] {
            assert!(text.parse::<LanguageCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_table_is_ordered_and_complete() {
        let codes: Vec<_> = CODES.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 183);
        assert!(codes.is_sorted());
    }
}
