//! Whose a number or an address is, when it stands with a person: below the
//! name on a card, or behind it in the line.

use std::borrow::Cow;
use std::ops::Range;

use super::{labels, scan};
use crate::facts::emails::{ranks, scan as mail};
use crate::facts::people::{matching, name, titles};
use crate::page::{Line, Page, Region};

/// The person with whom a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The name.
    pub name: String,
    /// Surely a person and no place or product: a title or a form of address
    /// stands there too.
    pub titled: bool,
}

/// How many lines above a number its person's name is looked for.
const REACH: usize = 6;

/// Longest line of a card, in bytes.
const LONGEST: usize = 400;

/// Who is named on a line or right above it, with nothing between but titles
/// and contact data.
pub(crate) fn holder(page: &Page, line: u32, label: &str) -> Option<Holder> {
    let at = line as usize;
    let region = page.lines.get(at)?.region;
    if matches!(region, Region::Header | Region::Footer | Region::Nav | Region::Overlay) {
        return None;
    }
    // Running text is nobody's card, and reading it once for each number costs.
    let own = page.lines.get(at).filter(|own| own.text.len() <= LONGEST)?;
    let parent = |line: &Line| page.elements.get(line.element as usize).map(|element| element.parent);
    let has_number = !scan::scan(&own.text).is_empty();
    let row = row(page, own.element);
    let (mut titled, mut plain) = (false, false);
    for back in 0..=REACH {
        let index = at.checked_sub(back)?;
        let here = page.lines.get(index).filter(|here| here.region == region)?;
        if row.as_ref().is_some_and(|row| !row.contains(&u32::try_from(index).unwrap_or(u32::MAX))) {
            return None;
        }
        let title = titles::is_title(&here.text) || titles::leading(&here.text).is_some();
        // `Founding Principal` below a name is no name.
        let above = || index.checked_sub(1).and_then(|above| page.lines.get(above));
        let is_name = !title || above().is_none_or(|above| named(&above.text, label).is_none());
        if let Some((name, sure)) = named(&here.text, label).filter(|_| is_name) {
            // A title above counts when it is no section's heading.
            let above = above().is_some_and(|above| above.heading == 0 && titles::is_title(&above.text));
            return Some(Holder { name, titled: titled || sure || above });
        }
        if back > 0 && !title && (here.heading > 0 || is_barrier(&here.text)) {
            return None;
        }
        titled |= title;
        // Contact data above other words belong to the card before.
        let number = back > 0 && !scan::scan(&here.text).is_empty();
        let detail = number || here.text.contains('@');
        // So does a number that another element holds.
        if detail && plain || number && has_number && parent(here) != parent(own) {
            return None;
        }
        plain |= !detail && !title && back > 0 && labels::alone(&here.text).is_none();
    }
    None
}

/// The lines of the table's row or the list's point in which an element stands.
fn row(page: &Page, element: u32) -> Option<Range<u32>> {
    let mut at = element;
    for _ in 0..8 {
        let here = page.elements.get(at as usize)?;
        if matches!(here.name, "tr" | "li" | "article") {
            return Some(here.lines.clone());
        }
        if here.parent == at {
            return None;
        }
        at = here.parent;
    }
    None
}

/// Whether the address that stands with a number is made from the holder's
/// name: then the words are a name indeed.
pub(crate) fn has_mail(page: &Page, line: u32, name: &str) -> bool {
    let from = (line as usize).saturating_sub(3);
    page.lines.iter().skip(from).take(7).any(|line| {
        mail::addresses(crate::page::prefix(&line.text, LONGEST)).iter().any(|address| {
            let local = address.split('@').next().unwrap_or_default();
            !ranks::is_role(local) && matching::matches(local, name)
        })
    })
}

/// Street, opening hours, long texts: what follows is not the card any more.
fn is_barrier(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // A sentence or two about the person may hold years.
    let sentence = text.len() > 80 && text.ends_with(['.', '!']);
    text.len() > LONGEST * 2 || digits >= 2 && !sentence && !text.contains('@') && scan::scan(text).is_empty()
}

/// The name with which a line begins, and whether the line shows that it is one.
fn named(text: &str, label: &str) -> Option<(String, bool)> {
    let text = crate::page::prefix(text, 160).trim();
    // Kinds of degrees: `Dipl.-Ing. (FH) Ann Lee`.
    let degree = ["(FH)", "(TU)", "(BA)", "(DH)", "(Univ.)", "(HTL)"].into_iter().find(|degree| text.contains(degree));
    let text = &degree.map_or(Cow::Borrowed(text), |degree| Cow::Owned(text.replacen(degree, "", 1)));
    let end = text.char_indices().find(|(at, c)| {
        matches!(c, ',' | '(' | '|' | '·' | '•' | ';' | '/')
            || matches!(c, '–' | '—' | '-') && text.get(..*at).is_some_and(|head| head.ends_with(' '))
    });
    let (head, tail) = end.and_then(|(at, _)| text.split_at_checked(at)).unwrap_or((text.as_ref(), ""));
    let name = name::read(head)?;
    if !name.contains(' ') || is_place(&name) || is_brand(&name, label) {
        return None;
    }
    let sure = is_address(head.split_whitespace().next().unwrap_or_default()) || titles::is_title(tail);
    Some((name, sure))
}

/// Whether a name is a branch's or a department's: `Leeds Depot`, `Lager Süd`.
pub(crate) fn is_place(name: &str) -> bool {
    name.split(' ').any(|word| PLACES.contains(&word.to_lowercase().as_str()))
}

/// Whether a name begins with a word of the site's own (`label` of its domain):
/// a branch, `Brandner Linz`; people are `Udo Brandner`.
fn is_brand(name: &str, label: &str) -> bool {
    let first = matching::key(name.split(' ').next().unwrap_or_default());
    first.chars().count() >= 4 && label.contains(&first)
}

/// Words with which a branch or a department is named like a person.
const PLACES: &[&str] = &[
    "depot",
    "office",
    "branch",
    "warehouse",
    "workshop",
    "showroom",
    "store",
    "shop",
    "yard",
    "centre",
    "center",
    "hub",
    "plant",
    "factory",
    "site",
    "team",
    "desk",
    "north",
    "south",
    "east",
    "west",
    "central",
    "head",
    "werk",
    "lager",
    "filiale",
    "standort",
    "niederlassung",
    "zentrale",
    "büro",
    "nord",
    "süd",
    "ost",
    "mitte",
    "agence",
    "succursale",
    "atelier",
    "siège",
    "accueil",
    "sud",
    "sede",
    "filiali",
    "magazzino",
    "negozio",
    "ufficio",
    "officina",
    "oficina",
    "sucursal",
    "delegación",
    "almacén",
    "tienda",
    "norte",
    "sur",
    "loja",
    "filial",
    "fábrica",
    "matriz",
    "oddział",
    "biuro",
    "sklep",
    "magazyn",
    "pobočka",
    "provozovna",
    "sklad",
    "prodejna",
    "kontor",
    "afdeling",
    "avdeling",
    "avdelning",
    "butik",
    "vestiging",
    "filiaal",
    "kantoor",
    "winkel",
    "toimisto",
    "myymälä",
    "офис",
    "филиал",
    "склад",
    "магазин",
    "şube",
    "mağaza",
];

/// Forms of address and academic titles, as they stand before a name.
const ADDRESSES: &[&str] = &[
    "frau",
    "herr",
    "herrn",
    "mr",
    "mrs",
    "ms",
    "mme",
    "madame",
    "monsieur",
    "mlle",
    "signor",
    "signora",
    "sig",
    "sig.ra",
    "sig.na",
    "dott",
    "dott.ssa",
    "geom",
    "rag",
    "ing",
    "lic",
    "arq",
    "sr",
    "sra",
    "srta",
    "señor",
    "señora",
    "dña",
    "don",
    "doña",
    "pan",
    "pani",
    "paní",
    "pana",
    "panu",
    "panem",
    "panią",
    "panią",
    "pán",
    "fru",
    "hr",
    "dhr",
    "mevr",
    "mevrouw",
    "mw",
    "bay",
    "bayan",
    "г-н",
    "г-жа",
    "dr",
    "dra",
    "prof",
    "mag",
    "dipl.-ing",
    "mudr",
    "judr",
    "mgr",
    "me",
    "maître",
    "avv",
    "eng",
];

fn is_address(word: &str) -> bool {
    let bare = word.trim_start_matches(['(', '„', '"']).trim_end_matches(['.', ',']).to_lowercase();
    ADDRESSES.contains(&bare.as_str())
}

/// Whether the last words before a number name somebody: `Frau Nowak, Tel.`.
pub(crate) fn is_addressed(before: &str) -> bool {
    let start = before.ceil_char_boundary(before.len().saturating_sub(70));
    let words: Vec<&str> = before.get(start..).unwrap_or_default().split_whitespace().collect();
    // Another sentence speaks of something else.
    let from = words
        .iter()
        .rposition(|word| word.chars().count() > 6 && word.ends_with(['.', '!', '?']))
        .map_or(0, |at| at + 1);
    words.get(from..).unwrap_or_default().windows(2).any(|pair| {
        let [address, name] = pair else { return false };
        is_address(address) && name.starts_with(char::is_uppercase) && name.chars().count() > 2
    })
}

/// Whether a name from which a local part is made stands alone on a line near
/// it: then it is the person's, whatever stands between.
pub(crate) fn is_named_near(page: &Page, line: u32, local: &str, label: &str) -> bool {
    let at = line as usize;
    let (from, region) = (at.saturating_sub(10), page.lines.get(at).map(|line| line.region));
    let near = page.lines.iter().skip(from).take(at + 3 - from);
    near.filter(|line| Some(line.region) == region)
        .any(|line| named(&line.text, label).is_some_and(|(name, _)| matching::matches(local, &name)))
}

/// Whether a line holds a name from which a local part is made.
pub(crate) fn names_whose(text: &str, local: &str, label: &str) -> bool {
    let words: Vec<&str> = crate::page::prefix(text, 600)
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ':' | ';' | '|' | '·'))
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|pair| {
        let [one, two] = pair else { return false };
        let capital = |word: &str| word.starts_with(char::is_uppercase) && !word.contains('@');
        if !capital(two) || is_brand(one, label) {
            return false;
        }
        let both = || name::read(&pair.join(" ")).is_some_and(|name| matching::matches(local, &name));
        is_address(one) && matching::matches(local, &format!("X {two}")) || capital(one) && both()
    })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read};

    fn of_last(html: &str) -> Option<Holder> {
        let url = Url::parse("https://firm.test/people").expect("a URL");
        let page = read(&RawPage { url: &url, headers: &[], html });
        holder(&page, u32::try_from(page.lines.len()).expect("few lines") - 1, "quarz")
    }

    #[test]
    fn cards_have_a_holder() {
        let check = |html: &str, expected: Option<(&str, bool)>| {
            let expected = expected.map(|(name, titled)| Holder { name: name.to_owned(), titled });
            assert_eq!(of_last(&format!("<main>{html}</main>")), expected, "{html}");
        };
        check("<h4>Nora Lindgren, FAIA</h4><p>Art Director<br>555 01 42", Some(("Nora Lindgren", true)));
        check("<p>Dr Luc Morel<p>Tél. 05 36 49 01 21", Some(("Dr Luc Morel", true)));
        check("<p>Anna Sobczak – kierownik sprzedaży<p>tel. 61 664 01 42", Some(("Anna Sobczak", true)));
        check("<p>Verkaufsleiter<p>Udo Brandner<p>Tel. 040 66969100", Some(("Udo Brandner", true)));
        check("<h3>Puerto Blanco</h3><p>442 223 0142", Some(("Puerto Blanco", false)));
        check("<h3>Karl Brandner</h3><p>Hauptstr. 12<p>Tel. 040 66969100", None);
        check("<h3>Karl Brandner</h3><p>Meister</p><h3>Zentrale</h3><p>Tel. 040 66969100", None);
        assert_eq!(of_last("<footer><p>Karl Brandner<p>Tel. 040 66969100</footer>"), None);
    }

    #[test]
    fn people_in_running_text() {
        assert!(is_addressed("Fragen? Rufen Sie Frau Nowak an, Tel. "));
        assert!(is_addressed("Volejte paní Horákovou, "));
        assert!(is_addressed("rivolgersi al sig. Tessaro, "));
        assert!(!is_addressed("Frau Nowak hilft Ihnen gerne weiter. Zentrale: "));
        assert!(!is_addressed("Call our team on "));
        assert!(names_whose("Ask Maria Keller, mkeller@firm.test", "mkeller", "quarz"));
        assert!(names_whose("Fragen an Frau Nowak: nowak@firm.test", "nowak", "quarz"));
        assert!(!names_whose("Our Leeds depot: leeds@firm.test", "leeds", "quarz"));
        assert!(!names_whose("Quarz Linz: linz@quarz.test", "linz", "quarz"));
    }
}
