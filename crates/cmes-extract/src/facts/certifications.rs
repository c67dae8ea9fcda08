//! Standards to which the company is certified, and seals that it holds.
//!
//! Named beside a product or a supplier a standard says nothing of the company:
//! it counts with words of certification, or alone on its line.

use std::sync::LazyLock;

use cmes_types::Method;
use regex::Regex;

use crate::facts::{Finding, Site, snippet};
use crate::fold::fold;

/// Standards of management and quality; group `n` is the number of an ISO one.
static STANDARDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?-u:\b)(?:(?:DIN[ -]?)?(?:EN[ -]?)?ISO(?:[/ -]?(?:IEC|TS))?[ -]?",
        r"(?P<n>3834|9001|13009|13485|14001|14064|14065|15189|15378|16949|17020|17024|17025|17065|18788|20000|20121|21001|22000|22301|22716|",
        r"26000|27001|27017|27018|27701|28000|29001|29990|29993|37001|37301|39001|41001|42001|45001|50001|55001)",
        r"|(?P<other>IATF[ -]?16949|QS[ -]?9000|OHSAS[ -]?18001|EN[ -]?1090|EN[ -]?9100|AS[ -]?9100[A-D]?|AS[ -]?9120|EN[ -]?15224|FSSC[ -]?22000|",
        r"IFS Food|IFS Logistics|BRCGS|BRC Food|TISAX|SOC[ -]?2|PCI[ -]?DSS|Cyber Essentials Plus|Cyber Essentials|HACCP|GMP\+|",
        r"SA[ -]?8000|EMAS|FSC|PEFC|GOTS|OEKO-TEX|GLOBALG\.?A\.?P|EcoVadis|B Corp|NADCAP|ISCC|RSPO|VCA\*\*|VCA|SCC\*\*|SCC|UNE[ -]?166002))(?-u:\b)",
    ))
    .expect("the pattern is fixed and was tried by the tests")
});

/// Words, folded, that say that somebody is certified.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"certif|zertif|sertif|сертиф|akkredit|accredit|acredit|atestat|osvedcen|tanusit|πιστοποι|belgeli|belgesi|認証|認定|取得|认证|認證|인증|תקן|מוסמכ|شهاد|معتمد|ได้รับการรับรอง|chung nhan|gecertific|qualitats?management|quality management|standard|norm",
    )
    .expect("the pattern is fixed and was tried by the tests")
});

/// Words, folded, with which others' certificates are spoken of.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"hosting|data cent|rechenzentr|centro de datos|datacent|supplier|lieferant|subunternehm|fournisseur|proveedor|our partner|unser(?:e|er|em) partner|clients? (?:with|in)|help you|consult|beratung|we certify|wir zertifizieren|audit(?:s|ing) (?:for|of)|vorbereitung auf|ohne zertif|not certified|nach dem vorbild|training|schulung|in accordance with|gemass|according to|nach din|suitable for|cookie",
    )
    .expect("the pattern is fixed and was tried by the tests")
});

/// Most certifications of one company.
const MOST: usize = 30;
/// Up to so many characters, a line is the name of a seal.
const SEAL: usize = 45;

/// The certifications, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    let mut found: Vec<Finding<String>> = Vec::new();
    for (index, page) in (0_u16..).zip(site.pages) {
        let about = WORDS.is_match(&fold(&page.title));
        let lines = page.lines.iter().map(|line| line.text.as_str()).filter(|text| text.len() < 1_000);
        let seals = page.images.iter().map(|image| image.alt.as_str()).filter(|alt| alt.len() < 150);
        for text in lines.chain(seals) {
            for name in in_text(text, about) {
                if found.len() < MOST && found.iter().all(|known| known.value != name) {
                    found.push(Finding {
                        snippet: snippet(text, text),
                        value: name,
                        page: Some(index),
                        method: Method::Text,
                        confidence: 0.75,
                    });
                }
            }
        }
    }
    found
}

/// The certifications that a text claims; `about` on a page that is about them.
fn in_text(text: &str, about: bool) -> Vec<String> {
    if !STANDARDS.is_match(text) {
        return Vec::new();
    }
    let folded = fold(text);
    let names = STANDARDS.captures_iter(text).map(|found| name(&found));
    let is_seal = text.chars().count() <= SEAL;
    let claims = WORDS.is_match(&folded) || about;
    if OTHERS.is_match(&folded) {
        return Vec::new();
    }
    names.filter(|name| claims || is_seal && name.contains(|c: char| c.is_ascii_digit())).collect()
}

/// The usual name of a standard.
fn name(found: &regex::Captures<'_>) -> String {
    if let Some(number) = found.name("n") {
        let joint = matches!(
            number.as_str(),
            "17020" | "17024" | "17025" | "17065" | "20000" | "27001" | "27017" | "27018" | "27701" | "42001"
        );
        return format!("ISO{} {}", if joint { "/IEC" } else { "" }, number.as_str());
    }
    let other = found.name("other").map_or("", |name| name.as_str());
    let upper = other.to_uppercase();
    match upper.as_str() {
        _ if upper.contains(|c: char| c.is_ascii_digit()) => {
            let at = upper.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
            let (letters, digits) = upper.split_at_checked(at).unwrap_or((&upper, ""));
            format!("{} {digits}", letters.trim_end_matches(['-', ' ']))
        }
        "IFS FOOD"
        | "IFS LOGISTICS"
        | "BRC FOOD"
        | "CYBER ESSENTIALS"
        | "CYBER ESSENTIALS PLUS"
        | "ECOVADIS"
        | "B CORP" => other.to_owned(),
        _ => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(in_text(text, false), expected, "{text}");
    }

    #[test]
    fn certificates_that_companies_claim() {
        check("We are certified to DIN EN ISO 9001:2015 and ISO 14001.", &["ISO 9001", "ISO 14001"]);
        check("Zertifiziert nach IATF 16949", &["IATF 16949"]);
        check("Certificat ISO/IEC 27001", &["ISO/IEC 27001"]);
        check("Empresa certificada ISO-9001", &["ISO 9001"]);
        check("ISO 9001認証取得", &["ISO 9001"]);
        check("Сертифицировано по ISO 45001", &["ISO 45001"]);
        check("ISO 9001:2015", &["ISO 9001"]);
        check("FSC certified paper mill", &["FSC"]);
        check("AS9100D certified", &["AS 9100D"]);
    }

    #[test]
    fn standards_of_others_and_of_goods() {
        check("Our hosting partner is ISO 27001 certified", &[]);
        check("We help you to get certified to ISO 9001", &[]);
        check("Screws according to ISO 4762, see our standard range", &[]);
        check("Welded in accordance with ISO 3834 standard", &[]);
        check("In the FSC we met", &[]);
        check("ISO 100 film", &[]);
    }
}
