//! Countries and their names in many languages (Unicode CLDR).

use cmes_types::LanguageCode;

/// A country or territory, by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// By its two-letter code, without regard to case.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let _ = code;
        None
    }

    /// By its name in any language or a usual short form (`UK`, `U.S.A.`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let _ = name;
        None
    }

    /// The two letters, upper case.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name in a language, in English where that language is not known.
    #[must_use]
    pub fn name(self, language: LanguageCode) -> &'static str {
        let _ = language;
        ""
    }
}
