//! The year in which the company was founded.

use std::sync::LazyLock;

use cmes_types::Method;
use regex::Regex;

use crate::facts::address::{PageKind, page_kind};
use crate::facts::{Finding, Site, names, snippet};
use crate::fold::{fold, key};
use crate::page::{Page, prefix};

/// Words for founding, folded, before or behind the year.
const FOUNDED: &str = r"gegrundet|grundung\w*|griindung|founded|founding|established|est\.?|incorporated in|fonde[es]?|fondation|creee?s?|creation|cree en|fundad[ao]|fundacion|fundacao|constituid[ao]|nacio|fondat[ao]|fondazione|costituita|nata|opgericht|oprichting\w*|grundat|grundades|grundad|grundlagt|stiftet|etablert|etableret|etablerades|perustettu|perustamisvuosi|zalozon[ay]|zalozeni[ae]|zalozen[ay]?|rok zalozenia|alapitva|alapitas\w*|alapitott\w*|infiintat[ae]?|fondat in|основан[ао]?|основания|создан[ао]?|образован[ао]?|заснован[ао]?|ιδρυ\w+|kurulus\w*|kuruldu|kurulmustur|ustanovljen\w*|osnovan[ao]?|asutatud|dibinats?|ikurt[ao]s?|didirikan|berdiri|thanh lap|تأسست|تاسست|التأسيس|נוסד[הו]?|הוקמ[הו]?|స్థాపించ|ก่อตั้ง|स्थापना|स्थापित";
/// Words for `since`, folded: they date the company only where nothing else is said.
const SINCE: &str =
    r"since|seit|depuis|desde|dal|sinds|sedan|siden|vuodesta|od roku|od|ota|din|с|із|з|από|since the year";

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:^|[^\p{{L}}])(?:{FOUNDED})(?:\s+[\p{{L}}.']{{1,14}}){{0,4}}?[\s:：,(\-–]{{1,3}}(?:\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?)?(?P<y>1[2-9]\d\d|20\d\d)(?:\D|$)"
    ))
    .expect("the pattern is fixed and was tried by the tests")
});
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:^|\D)(?P<y>1[2-9]\d\d|20\d\d)(?:[- ]?(?:yilinda|-ban|-ben|ban|ben|год[ау]?|г\.|році|r\.|roku|aastal|m\.|gada|gadā))?\s+(?:[\p{{L}}]{{1,14}}\s+){{0,3}}(?:{FOUNDED})(?:\P{{L}}|$)"
    ))
    .expect("the pattern is fixed and was tried by the tests")
});
static TAGLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:^|[^\p{{L}}])(?:{SINCE})\s+(?P<y>1[2-9]\d\d|20\d\d)(?:\s*(?:года|г\.|року|r\.|roku))?\W*$"
    ))
    .expect("the pattern is fixed and was tried by the tests")
});
/// Chinese, Japanese and Korean put the year first or after a colon, and
/// Japanese counts by eras.
static EAST_ASIAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:設立|創業|創立|成立于|成立於|创立于|創立於|创建于|成立时间|成立日期|始创于|創設|설립일?|창립)[^\d明大昭平令]{0,12}(?P<e>明治|大正|昭和|平成|令和)?\s?(?P<y>元|\d{1,4})\s?年?|(?P<z>1[89]\d\d|20\d\d)\s?(?:年|년)[^。\d]{0,8}?(?:設立|創業|創立|成立|创立|创建|설립|창립)|(?P<e2>明治|大正|昭和|平成|令和)(?P<y2>元|\d{1,2})年[^。\d]{0,8}?(?:設立|創業|創立)",
    )
    .expect("the pattern is fixed and was tried by the tests")
});

/// The year, best borne out first.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<u16>> {
    let mut best: Option<Finding<u16>> = None;
    let brand = key(names::label(site.domain));
    for (index, page) in (0_u16..).zip(site.pages) {
        for found in stated(page).into_iter().chain(written(page, &brand)) {
            if best.as_ref().is_none_or(|known| known.confidence < found.confidence) {
                best = Some(Finding { page: Some(index), ..found });
            }
        }
    }
    best
}

fn stated(page: &Page) -> Option<Finding<u16>> {
    let organizations = page.items.iter().filter(|item| item.is_organization());
    organizations.filter_map(|item| item.text("foundingDate")).find_map(|date| {
        let year = date.get(..4).and_then(|year| year.parse().ok()).filter(|year| (1000..2100).contains(year))?;
        Some(Finding { value: year, page: None, method: Method::SchemaOrg, snippet: date.to_owned(), confidence: 0.95 })
    })
}

fn written(page: &Page, brand: &str) -> Vec<Finding<u16>> {
    let confidence = match page_kind(page) {
        PageKind::About => 0.85,
        PageKind::Home | PageKind::Imprint | PageKind::Contact => 0.8,
        PageKind::Foreign => return Vec::new(),
        _ => 0.6,
    };
    let lines = page.lines.iter().filter(|line| line.text.contains(char::is_numeric));
    lines
        .filter_map(|line| {
            let (year, doubt) = in_line(prefix(&line.text, 600), brand)?;
            Some(Finding {
                value: year,
                page: None,
                method: Method::Text,
                snippet: snippet(&line.text, &year.to_string()),
                confidence: confidence - doubt,
            })
        })
        .collect()
}

/// The year that a line gives, and how doubtful it is.
fn in_line(line: &str, brand: &str) -> Option<(u16, f32)> {
    let folded = fold(line);
    let year = |text: &str| text.parse::<u16>().ok();
    for pattern in [&BEFORE, &BEHIND] {
        // "A doctor since 2007 and founded …": the year is that of something else.
        let is_other = |found: &regex::Captures<'_>| {
            let words = found.get(0).map_or("", |whole| whole.as_str());
            [" and ", " und ", " et ", " y ", " и ", " oraz "].iter().any(|and| words.contains(and))
        };
        if let Some(found) = pattern.captures(&folded).filter(|found| !is_other(found)) {
            let names_company = brand.len() > 2 && key(&folded).contains(brand);
            let doubt = if names_company || line.chars().count() < 60 { 0.0 } else { 0.1 };
            return Some((year(found.name("y")?.as_str())?, doubt));
        }
    }
    if let Some(found) = EAST_ASIAN.captures(line) {
        return Some((east_asian(&found)?, 0.0));
    }
    // A slogan: short, with the year at its end.
    let found = TAGLINE.captures(&folded).filter(|_| line.chars().count() <= 45)?;
    Some((year(found.name("y")?.as_str())?, 0.25))
}

fn east_asian(found: &regex::Captures<'_>) -> Option<u16> {
    if let Some(year) = found.name("z") {
        return year.as_str().parse().ok();
    }
    let text = found.name("y").or(found.name("y2"))?.as_str();
    let count: u16 = if text == "元" { 1 } else { text.parse().ok()? };
    let start = match found.name("e").or(found.name("e2")).map(|era| era.as_str()) {
        Some("明治") => 1867,
        Some("大正") => 1911,
        Some("昭和") => 1925,
        Some("平成") => 1988,
        Some(_) => 2018,
        None => 0,
    };
    let year = start + count;
    ((start == 0 || count < 65) && (1600..2100).contains(&year)).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_many_languages() {
        for (line, expected) in [
            ("Das Unternehmen wurde 1962 gegründet.", 1962),
            ("Gegründet 1962", 1962),
            ("Gründungsjahr: 1962", 1962),
            ("Founded in 1978 by two brothers", 1978),
            ("She took her degree in 2007 and founded the clinic, established in 2009", 2009),
            ("Established 1978", 1978),
            ("Est. 1978", 1978),
            ("Fondée en 1954, l'entreprise", 1954),
            ("Empresa fundada en 1987", 1987),
            ("Fundada em 1987", 1987),
            ("Fondata nel 1954", 1954),
            ("Opgericht in 1921", 1921),
            ("Företaget grundades 1921", 1921),
            ("Virksomheden er grundlagt i 1921", 1921),
            ("Yritys on perustettu vuonna 1988", 1988),
            ("Firma została założona w 1998 roku", 1998),
            ("Společnost byla založena v roce 1993", 1993),
            ("Компания основана в 1998 году", 1998),
            ("Завод был создан в 1932 году", 1932),
            ("Компанія заснована у 2003 році", 2003),
            ("Η εταιρεία ιδρύθηκε το 1974", 1974),
            ("Kuruluş: 1985", 1985),
            ("1985 yılında kurulmuştur", 1985),
            ("Ettevõte on asutatud 1994", 1994),
            ("設立 1962年4月", 1962),
            ("創業：昭和37年", 1962),
            ("平成元年設立", 1989),
            ("公司成立于2003年", 2003),
            ("1998년 설립", 1998),
            ("Pumpen aus Lübeck – seit 1962", 1962),
            ("Since 1978", 1978),
            ("Depuis 2011", 2011),
        ] {
            assert_eq!(in_line(line, "").map_or(0, |(year, _)| year), expected, "{line}");
        }
    }

    #[test]
    fn other_years() {
        for line in [
            "© 2024 Nordwind",
            "He has been managing director since 2011 and lives in Kiel with his family.",
            "Our catalogue 2025",
            "Founded by two brothers from Kiel",
            "In 1999 we moved",
        ] {
            assert_eq!(in_line(line, "nordwind"), None, "{line}");
        }
    }
}
