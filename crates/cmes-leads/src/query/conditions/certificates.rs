//! Certificates and marks of conformity: "ISO 9001", "GMP certified", "DIN EN ISO 9001:2015".

use std::sync::LazyLock;

use super::super::What;
use super::super::words::Gap;
use super::{Read, Reading, YEARS};

impl Reading<'_> {
    /// "ISO 9001", "GMP certified". What is also a word counts in capital letters alone.
    pub(super) fn certificate(&self, at: usize) -> Option<Read> {
        let token = self.tokens.get(at)?;
        if token.gap == Gap::Hyphen {
            return None;
        }
        let (name, takes_number) = CERTIFICATES.iter().find_map(|(name, folded, takes_number)| {
            // "ISO9001" is one word.
            let rest = token.word.strip_prefix(folded.as_str())?;
            let is_whole = rest.is_empty() || *takes_number && rest.bytes().all(|byte| byte.is_ascii_digit());
            is_whole.then_some((name, *takes_number))
        })?;
        let has_digits = token.word.bytes().any(|byte| byte.is_ascii_digit());
        let mut to = at + 1;
        let mut parts = vec![name.clone()];
        if takes_number {
            if has_digits {
                parts.push(token.word.chars().filter(char::is_ascii_digit).collect());
            }
            // "DIN EN ISO 9001", "ISO/TS 16949": further letters before the number.
            while let Some(next) = self.tokens.get(to).filter(|_| parts.len() < 5 && !has_digits) {
                let is_number = next.word.bytes().all(|byte| byte.is_ascii_digit()) && next.word.len() >= 3;
                let is_letters =
                    CERTIFICATES.iter().any(|(_, folded, takes_number)| *takes_number && *folded == next.word)
                        || next.word == "ts"
                        || next.word == "iec";
                if next.gap == Gap::Break || !(is_number || is_letters) {
                    break;
                }
                parts.push(next.word.to_uppercase());
                to += 1;
                if is_number {
                    break;
                }
            }
            if !parts.iter().any(|part| part.bytes().any(|byte| byte.is_ascii_digit())) && !token.is_upper {
                return None;
            }
            // "AS" and "EN" by themselves are words.
            if parts.len() < 2 && !matches!(name.as_str(), "ISO" | "IATF") {
                return None;
            }
            // The year of an edition: "ISO 9001:2015".
            if let (Some(last), Some(year)) = (self.tokens.get(to - 1), self.tokens.get(to))
                && self.text.get(last.end..year.start) == Some(":")
                && year.number().is_some_and(|year| YEARS.contains(&year))
            {
                to += 1;
            }
        } else if !token.is_upper && name.chars().all(|c| !c.is_lowercase()) && !is_distinct(name) {
            return None;
        }
        // The parts that say only which body wrote it are left out: DIN EN ISO 9001 is ISO 9001.
        if let Some(iso) = parts.iter().position(|part| part == "ISO" || part == "IATF") {
            parts.drain(..iso);
        }
        // "CE-certified", "GMP zertifiziert".
        Some(Read { from: at, to, what: What::Words(parts.join(" ")), is_taken: true })
    }
}

/// Whether a short form is no word of any language, so that small letters do as well.
fn is_distinct(name: &str) -> bool {
    matches!(name, "HACCP" | "GMP" | "FSSC" | "PEFC" | "GOTS" | "NADCAP" | "ATEX" | "ROHS" | "HIPAA")
}

/// Certificates and marks: the name, folded, and whether a number belongs to it.
static CERTIFICATES: LazyLock<Vec<(String, String, bool)>> = LazyLock::new(|| {
    const WITH_NUMBER: [&str; 6] = ["ISO", "IATF", "DIN", "EN", "AS", "VDA"];
    const WITHOUT: [&str; 37] = [
        "GMP",
        "cGMP",
        "HACCP",
        "CE",
        "FDA",
        "BRC",
        "BRCGS",
        "IFS",
        "FSSC",
        "UL",
        "REACH",
        "RoHS",
        "ATEX",
        "Nadcap",
        "FSC",
        "PEFC",
        "GOTS",
        "OEKO",
        "BSCI",
        "SEDEX",
        "SMETA",
        "HIPAA",
        "PCI",
        "EMAS",
        "MSC",
        "ASC",
        "UTZ",
        "Fairtrade",
        "Halal",
        "halal",
        "Kosher",
        "TISAX",
        "EAC",
        "ГОСТ",
        "IFRA",
        "QS",
        "TÜV",
    ];
    let row = |name: &str, takes_number| (name.to_owned(), cmes_extract::places::fold(name), takes_number);
    WITH_NUMBER.iter().map(|name| row(name, true)).chain(WITHOUT.iter().map(|name| row(name, false))).collect()
});
