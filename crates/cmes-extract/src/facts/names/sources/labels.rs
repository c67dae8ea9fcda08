//! Words beside a name that say whose it is: `Razón social: X`, `Betreiber: X`,
//! `operated by X`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Own;
use crate::facts::names::Source;
use crate::fold::fold;
use crate::page::{Line, Page};
use crate::words;

/// What stands before a company's own name in tables and legal texts.
static COMPANY: LazyLock<HashSet<String>> = LazyLock::new(|| labels(include_str!("../company_labels.txt")));

/// What stands before the name of who runs the site.
static OPERATOR: LazyLock<HashSet<String>> = LazyLock::new(|| labels(include_str!("../operator_labels.txt")));

fn labels(text: &str) -> HashSet<String> {
    words::list(text).iter().map(|label| fold(label)).collect()
}

/// What the words beside a name say of it, if anything.
pub(super) fn source(page: &Page, number: usize, name: &str) -> Option<Source> {
    let line = page.lines.get(number)?;
    let at = line.text.find(name)?;
    let before = line.text.get(..at).unwrap_or_default();
    let after = line.text.get(at + name.len()..).unwrap_or_default();
    let label = if before.trim().is_empty() {
        // The cell or line above is the label of this one.
        number.checked_sub(1).and_then(|above| page.lines.get(above)).and_then(|above| of_label(&above.text))
    } else {
        of_label(before.rsplit(['|', '•', '·', ';']).next().unwrap_or_default())
    };
    let next = || page.lines.get(number + 1).map_or("", |next| next.text.as_str());
    let after = if after.trim().is_empty() { next() } else { after };
    label.or_else(|| speaks(before, after).then_some(Source::Operator))
}

/// What a label says of the name after it.
fn of_label(text: &str) -> Option<Source> {
    const LONGEST: usize = 80;
    if text.len() > LONGEST * 2 {
        return None;
    }
    let folded = fold(text);
    let label = folded.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '"' | '“' | '«' | '-' | '*' | '(' | '【' | '】' | '■' | '.')
    });
    // "Artikel 2 – Identiteit van de ondernemer"
    let label = label.rsplit(" - ").next().unwrap_or(label);
    if COMPANY.contains(label) { Some(Source::Named) } else { OPERATOR.contains(label).then_some(Source::Operator) }
}

/// The name that a label says to be the company's, where no legal form marks
/// it; only one that is known to be the site's own, as the labels of forms and
/// the names of people look alike.
pub(super) fn named<'a>(page: &'a Page, number: usize, own: Own<'_>) -> Option<&'a str> {
    let line = page.lines.get(number)?;
    let is_cell = |line: &Line, names: &[&str]| {
        page.elements.get(line.element as usize).is_some_and(|element| names.contains(&element.name))
    };
    let above = number.checked_sub(1).and_then(|above| page.lines.get(above));
    let labelled = above.filter(|above| is_cell(above, &["dt", "th", "td"]) && is_cell(line, &["dd", "td"]));
    let value = match labelled.and_then(|above| of_label(&above.text)) {
        Some(_) => line.text.as_str(),
        None => {
            let (label, value) = line.text.split_once([':', '：'])?;
            of_label(label).map(|_| value)?
        }
    };
    // "Herausgeber: Verband für Lichtbau (VLB), Bundesgasse 9"
    let value = value.split(['(', ',']).next().unwrap_or_default().trim();
    (value.chars().count() <= 80 && own.is(value)).then_some(value)
}

/// Whether the line says that the name is that of the one who speaks:
/// `operated by X`, `X (“we”)`.
fn speaks(before: &str, after: &str) -> bool {
    const BEFORE: &[&str] = &[
        "operated by",
        "trading name of",
        "trade name of",
        "trading style of",
        "business name of",
        "brand name of",
        "a brand of",
        "the brand of",
        "a division of",
        "a trademark of",
        "eine marke der",
        "ein angebot der",
        "une marque de",
        "un marchio di",
        "una marca de",
        "uma marca da",
        "uma marca de",
        "een handelsnaam van",
        "handelsnaam van",
        "marka firmy",
        "es un nombre comercial de",
    ];
    const AFTER: &[&str] = &[
        "trading as",
        "t/a ",
        "doing business as",
        "d/b/a",
        "dba ",
        "operating as",
        "handelend onder de naam",
        "h.o.d.n.",
        "handelnd unter",
        "exerçant sous",
        "con nombre comercial",
        "nome fantasia",
        "(\"we\"",
        "(“we”",
        "('we'",
        "(‘we’",
        "(we,",
        "(\"us\"",
        "(“us”",
        "(\"nous\"",
        "(« nous »",
        "(“nosotros”",
        "(„wir“",
        "(nachfolgend",
        "(im folgenden",
        "(nachstehend",
        "(hereinafter",
        "(hereafter",
        "(ci-après",
        "(en lo sucesivo",
        "(en adelante",
        "(di seguito",
        "(doravante",
        "(hierna",
        "(dalej",
        "(dále",
        "(ďalej",
        "(a továbbiakban",
        "(далее",
        "(надалі",
        "(далі",
        "(bundan sonra",
        "(nedan",
        "(heretter",
        "(i det følgende",
        "(以下",
        "（以下",
        "(이하",
        "(în continuare",
    ];
    let after = after.trim_start_matches([',', '.', ' ']).to_lowercase();
    let before = fold(last(before, 60));
    let before = before.trim_end_matches([' ', ':', '"', '“', '«']).trim_end_matches(" the");
    BEFORE.iter().any(|words| before.ends_with(words)) || AFTER.iter().any(|words| after.starts_with(words))
}

/// The last bytes of a text, from a letter on.
fn last(text: &str, most: usize) -> &str {
    let start = (text.len().saturating_sub(most)..=text.len()).find(|at| text.is_char_boundary(*at));
    text.get(start.unwrap_or_default()..).unwrap_or_default()
}
