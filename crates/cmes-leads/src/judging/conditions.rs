//! What a query asks beside activity and place: size, language, anything that
//! the pages can say.

use cmes_extract::facts::{Site, founded, size};
use cmes_extract::fold::fold;
use cmes_extract::places::Country;
use cmes_extract::profile::domain_of;
use cmes_types::{LanguageCode, Standing};

use super::lexicon::{Kind, LEXICON, padded};
use super::setting::SETTING;
use super::texts::{Telling, Texts};
use super::wanted::{Named, Topic, Unit, Wanted as Thing, named, stem, word_in};
use super::{Company, Judged, activity, place};
use crate::query::{Query, Wanted, What, places};

/// Lines in which places are looked for.
const LINES: usize = 60;

/// What holds, with the words and the page that show it.
type Shown = (Standing, String, String);

/// Holds a condition against a company.
pub(super) fn judge(wanted: &Wanted, query: &Query, company: &Company<'_>, texts: &Texts<'_>) -> Judged {
    let (standing, sentence, url) = match &wanted.what {
        What::Employees(least, most) => turned(wanted.is_excluded, employees(*least, *most, company)),
        What::Language(language) => turned(wanted.is_excluded, speaks(*language, company)),
        What::Founded(first, last) => turned(wanted.is_excluded, founded(*first, *last, company)),
        What::Place(there) => {
            let judged = place::judge(std::slice::from_ref(there), company).into_iter().next().unwrap_or_default();
            turned(wanted.is_excluded, (judged.standing, judged.sentence, judged.url))
        }
        What::Activity(activity) if wanted.is_excluded => {
            excluded(&activity.words, wanted.is_mere, query, company, texts)
        }
        What::Activity(activity) => said(&activity.words, query, company, texts),
        What::Market(countries) => sells_to(countries, company, texts),
        What::Words(words) if wanted.is_excluded => excluded(words, wanted.is_mere, query, company, texts),
        What::Words(words) => said(words, query, company, texts),
        What::AnyOf(all) => any_of(all, query, company, texts),
    };
    // Whoever is certified, exports or has its own foundry says so, in words of its own language.
    let can_show = |words: &String| can_show(words, query, texts);
    let is_claim = match &wanted.what {
        What::Words(words) => !wanted.is_excluded && can_show(words),
        What::Activity(activity) => !wanted.is_excluded && can_show(&activity.words),
        What::AnyOf(all) => !wanted.is_excluded && all.iter().all(can_show),
        // Who sells to all the world need not name each country.
        What::Market(_) => sentence.is_empty(),
        _ => false,
    };
    let is_doubtful = is_claim && standing == Standing::Open;
    Judged { words: wanted.words.clone(), standing, sentence, url, worth: 0.0, is_doubtful }
}

/// The opposite, where it must not hold.
fn turned(is_excluded: bool, (standing, sentence, url): Shown) -> Shown {
    let standing = match standing {
        Standing::Meets if is_excluded => Standing::Misses,
        Standing::Misses if is_excluded => Standing::Meets,
        other => other,
    };
    (standing, sentence, url)
}

fn open() -> Shown {
    (Standing::Open, String::new(), String::new())
}

fn employees(least: Option<u32>, most: Option<u32>, company: &Company<'_>) -> Shown {
    let stated = company.data.and_then(|data| data.extended.as_ref()).map(|more| more.employees);
    let domain = company.pages.first().map(|page| domain_of(&page.url)).unwrap_or_default();
    let site = Site { pages: company.pages, domain: &domain, language: None, country: None };
    let found = size::find(&site);
    let range = stated.filter(|range| range.from > 0 || range.to > 0).map(|range| (range.from, range.to));
    let range = range.or_else(|| found.as_ref().map(|found| (found.value.from, found.value.to)));
    let Some((from, to)) = range else { return open() };
    let to = if to == 0 { u32::MAX } else { to };
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(u32::MAX));
    let standing = if from >= least && to <= most {
        Standing::Meets
    } else if from > most || to < least {
        Standing::Misses
    } else {
        Standing::Open
    };
    let page = found.as_ref().and_then(|found| found.page).and_then(|page| company.pages.get(usize::from(page)));
    let sentence = found.as_ref().map(|found| found.snippet.clone()).unwrap_or_default();
    (standing, sentence, page.map(|page| page.url.to_string()).unwrap_or_default())
}

fn founded(first: Option<u16>, last: Option<u16>, company: &Company<'_>) -> Shown {
    let stated = company.data.and_then(|data| data.extended.as_ref()).map(|more| more.founded).filter(|year| *year > 0);
    let domain = company.pages.first().map(|page| domain_of(&page.url)).unwrap_or_default();
    let site = Site { pages: company.pages, domain: &domain, language: None, country: None };
    let found = founded::find(&site);
    let Some(year) = stated.or_else(|| found.as_ref().map(|found| found.value)) else { return open() };
    let is_within = first.is_none_or(|first| year >= first) && last.is_none_or(|last| year <= last);
    let standing = if is_within { Standing::Meets } else { Standing::Misses };
    let page = found.as_ref().and_then(|found| found.page).and_then(|page| company.pages.get(usize::from(page)));
    let sentence = found.as_ref().map(|found| found.snippet.clone()).unwrap_or_default();
    (standing, sentence, page.map(|page| page.url.to_string()).unwrap_or_default())
}

fn speaks(language: LanguageCode, company: &Company<'_>) -> Shown {
    let is_own = |code: &str| code.parse().is_ok_and(|own: LanguageCode| own == language);
    let offers = |page: &&cmes_extract::Page| {
        is_own(&page.lang) || page.heads.iter().any(|head| head.rel.contains("alternate") && is_own(&head.hreflang))
    };
    let page = company.pages.iter().find(offers);
    let shown = |standing| {
        let title = page.map(|page| page.title.clone()).unwrap_or_default();
        (standing, title, page.map(|page| page.url.to_string()).unwrap_or_default())
    };
    let Some(data) = company.data else {
        return shown(if page.is_some() { Standing::Meets } else { Standing::Open });
    };
    let offered = data.extended.iter().flat_map(|more| &more.languages);
    if page.is_some() || is_own(&data.language) || offered.into_iter().any(|code| is_own(code)) {
        return shown(Standing::Meets);
    }
    // What the site does not speak, its people may.
    if data.language.is_empty() { open() } else { shown(Standing::Misses) }
}

/// Whether the pages say something.
fn said(words: &str, query: &Query, company: &Company<'_>, texts: &Texts<'_>) -> Shown {
    if let Some(number) = standard(words) {
        return certified(&number, company);
    }
    let thing = Thing::read(words, query.language);
    let found =
        if thing.topics.is_empty() { role_line(&thing, texts) } else { thing_line(&thing, query.language, texts) };
    let page = |index: usize| company.pages.get(index).map(|page| page.url.to_string()).unwrap_or_default();
    match found {
        Some((at, is_denied)) => {
            let Some(text) = texts.list.get(at) else { return open() };
            let standing = if is_denied { Standing::Misses } else { Standing::Meets };
            (standing, text.text.to_owned(), page(text.page))
        }
        // All that stands on the pages, where the texts that tell of the business are silent.
        None => words_anywhere(words, company).map_or_else(open, |(line, index)| (Standing::Meets, line, page(index))),
    }
}

/// Whether a site can be seen to say something: in the language of the query, or in words that are known in all languages.
fn can_show(words: &str, query: &Query, texts: &Texts<'_>) -> bool {
    if texts.language.is_none_or(|own| own == query.language) || words.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let thing = Thing::read(words, query.language);
    let mut units = thing.topics.iter().flat_map(|topic| topic.heads.iter().chain(&topic.sorts));
    // What is said in many ways may be said in one that nobody has written down.
    let is_claim = |at: &u16| LEXICON.concept(*at).is_some_and(|one| one.kind == Kind::Claim);
    let is_known = |unit: &Unit| matches!(unit, Unit::Concepts(all) if !all.iter().all(is_claim));
    standard(words).is_some() || !thing.roles.is_empty() || units.any(is_known)
}

/// Whether the pages say one of several things; the one that is met best.
fn any_of(all: &[String], query: &Query, company: &Company<'_>, texts: &Texts<'_>) -> Shown {
    let rank = |(standing, ..): &Shown| match standing {
        Standing::Meets => 2,
        Standing::Open => 1,
        Standing::Misses => 0,
    };
    all.iter().map(|words| said(words, query, company, texts)).max_by_key(rank).unwrap_or_else(open)
}

/// Whether a line says that the company sells to one of some countries. One that speaks of the world or of all countries
/// around leaves it open.
fn sells_to(countries: &[Country], company: &Company<'_>, texts: &Texts<'_>) -> Shown {
    let language = texts.language.unwrap_or_default();
    let mut wide = None;
    let mut lines = 0;
    for page in company.pages {
        for line in page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 1_000) {
            let folded = padded(&line.text);
            // "We print for publishers in Germany" says it as "we export to Germany" does.
            let is_for = || SETTING.for_whom().0.iter().any(|word| folded.contains(word.as_str()));
            if !(SETTING.is_abroad(&folded) || is_for()) || lines >= LINES {
                continue;
            }
            lines += 1;
            let named = places::countries_in(&line.text, language);
            let at = named.iter().any(|country| countries.contains(country));
            if at && !SETTING.is_denied(&folded, folded.len() / 2) {
                return (Standing::Meets, line.text.clone(), page.url.to_string());
            }
            if SETTING.is_everywhere(&folded) {
                wide = wide.or_else(|| Some((Standing::Open, line.text.clone(), page.url.to_string())));
            }
        }
    }
    wide.unwrap_or_else(open)
}

/// The shortest text that names all of a thing, and whether it denies it.
fn thing_line(thing: &Thing, language: LanguageCode, texts: &Texts<'_>) -> Option<(usize, bool)> {
    let names_all = |topic: &Topic, index: usize| {
        let text = texts.list.get(index)?;
        let mut at = 0;
        // A word that nobody can translate is not looked for in another language, beside one that is known in all.
        let is_foreign = texts.language.is_some_and(|own| own != language);
        let all = || topic.heads.iter().chain(&topic.sorts);
        let has_known = all().any(|unit| matches!(unit, Unit::Concepts(_)));
        let counts = |unit: &&Unit| !(is_foreign && has_known && matches!(unit, Unit::Word(_)));
        for unit in all().filter(counts) {
            let (how, place) = named(unit, text);
            if how == Named::Not {
                return None;
            }
            at = at.max(place);
        }
        Some((index, text.is_line && SETTING.is_denied(&text.folded, at)))
    };
    let all = thing.topics.iter().flat_map(|topic| (0..texts.list.len()).filter_map(move |at| names_all(topic, at)));
    let length = |at: usize| {
        texts
            .list
            .get(at)
            .map_or(usize::MAX, |text| if text.is_line { text.text.len() } else { text.text.len() + 1_000 })
    };
    all.min_by_key(|(at, is_denied)| (*is_denied, length(*at)))
}

fn role_line(thing: &Thing, texts: &Texts<'_>) -> Option<(usize, bool)> {
    let has = |text: &&Telling<'_>| {
        !text.is_of_others
            && text.mentions.iter().any(|one| one.kind == Kind::Role && thing.roles.contains(&LEXICON.id(one.concept)))
    };
    let found = texts.list.iter().enumerate().filter(|(_, text)| has(text)).min_by_key(|(_, text)| text.text.len());
    found.map(|(at, _)| (at, false))
}

/// A line of any page with all the words.
fn words_anywhere(words: &str, company: &Company<'_>) -> Option<(String, usize)> {
    let folded = fold(words);
    let stems: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 || word.chars().any(|c| c.is_ascii_digit()))
        .map(stem)
        .collect();
    if stems.is_empty() {
        return None;
    }
    let mut best: Option<(&str, usize)> = None;
    for (index, page) in company.pages.iter().enumerate() {
        for line in page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 1_000) {
            if best.is_some_and(|(known, _)| known.len() <= line.text.len()) {
                continue;
            }
            let text = padded(&line.text);
            if let Some(at) =
                stems.iter().map(|stem| word_in(stem, &text)).try_fold(0, |last, at| at.map(|at| at.max(last)))
                && !SETTING.is_denied(&text, at)
            {
                best = Some((&line.text, index));
            }
        }
    }
    best.map(|(line, index)| (line.to_owned(), index))
}

/// A standard that words name, as letters and digits alone: `iso9001`.
fn standard(words: &str) -> Option<String> {
    const NAMES: &[&str] = &[
        "iso",
        "iatf",
        "haccp",
        "gmp",
        "ifs",
        "brc",
        "fsc",
        "pefc",
        "gots",
        "oekotex",
        "tisax",
        "soc2",
        "emas",
        "en1090",
        "as9100",
        "en9100",
        "ohsas",
        "sa8000",
        "ce",
        "halal",
        "kosher",
        "rspo",
        "msc",
        "fssc",
        "gost",
        "ul",
        "vca",
        "scc",
        "atex",
        "bluesign",
        "brcgs",
        "sqf",
        "nsf",
        "fda",
        "ukca",
        "nadcap",
        "globalgap",
    ];
    let folded = fold(words);
    let parts: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let at = parts.iter().position(|part| {
        NAMES.contains(part)
            || NAMES.iter().any(|name| {
                part.strip_prefix(name).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
            })
    })?;
    let name = *parts.get(at)?;
    let number = parts
        .get(at + 1)
        .filter(|next| next.bytes().all(|b| b.is_ascii_digit()) && name.bytes().all(|b| b.is_ascii_alphabetic()));
    Some(format!("{name}{}", number.copied().unwrap_or_default()))
}

/// Whether a company is certified to a standard.
fn certified(standard: &str, company: &Company<'_>) -> Shown {
    let key = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let has = |text: &str| {
        let text = key(text).replace("eniso", "iso").replace("isoiec", "iso").replace("isots", "iso");
        text.match_indices(standard).any(|(at, _)| {
            let rest = text.get(at + standard.len()..).unwrap_or_default();
            !standard.ends_with(|c: char| c.is_ascii_digit())
                || !rest.starts_with(|c: char| c.is_ascii_digit())
                || rest.starts_with("20")
        })
    };
    let held = company.data.and_then(|data| data.extended.as_ref()).into_iter().flat_map(|more| &more.certifications);
    // What stands in hidden text alone is not shown to anybody.
    let is_hidden = || company.pages.iter().flat_map(|page| &page.lines).any(|line| line.hidden && has(&line.text));
    let is_held = held.into_iter().any(|name| has(name)) && !is_hidden();
    let mut best: Option<(&str, &url::Url, bool)> = None;
    for page in company.pages {
        for line in page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 1_000 && has(&line.text)) {
            let text = padded(&line.text);
            let is_denied = SETTING.not_certified(&text);
            if best.is_none_or(|(known, _, denied)| (denied, known.len()) > (is_denied, line.text.len())) {
                best = Some((&line.text, &page.url, is_denied));
            }
        }
    }
    match best {
        Some((line, url, is_denied)) if is_denied && !is_held => (Standing::Misses, line.to_owned(), url.to_string()),
        Some((line, url, _)) => (Standing::Meets, line.to_owned(), url.to_string()),
        None if is_held => (Standing::Meets, String::new(), String::new()),
        None => open(),
    }
}

/// A text that says that the company's goods are of a material: its title or first sentences, or one that names what is
/// asked for as well. A coating or a tool of that material is nothing of it.
fn material_line(thing: &Thing, query: &Query, texts: &Texts<'_>) -> Option<usize> {
    const PLAIN: f32 = 1.5;
    let asked: Vec<Thing> = query.activities.iter().map(|activity| Thing::of(activity, query.language)).collect();
    let heads = || asked.iter().flat_map(|thing| &thing.topics).flat_map(|topic| &topic.heads);
    let names = |text: &Telling<'_>| {
        let is_plain = |unit: &Unit| named(unit, text).0 == Named::Plainly || text.weight >= PLAIN;
        thing.topics.iter().any(|topic| {
            let mut units = topic.heads.iter().chain(&topic.sorts);
            units.all(|unit| named(unit, text).0 != Named::Not && is_plain(unit))
        })
    };
    let counts = |text: &&Telling<'_>| {
        let is_about = text.weight >= PLAIN || heads().any(|head| named(head, text).0 != Named::Not);
        is_about && names(text) && !SETTING.is_denied(&text.folded, text.folded.len() / 2)
    };
    texts.list.iter().position(|text| counts(&text))
}

/// Whether a company is free of what must not be.
fn excluded(words: &str, is_mere: bool, query: &Query, company: &Company<'_>, texts: &Texts<'_>) -> Shown {
    let thing = Thing::read(words, query.language);
    // Materials are named beside goods; goods have to be the company's own.
    let beside = if thing.is_quality() || thing.topics.iter().any(|topic| !topic.sorts.is_empty()) {
        material_line(&thing, query, texts)
    } else {
        None
    };
    let found = beside.or_else(|| activity::excluded(words, is_mere, query, texts));
    let found = found.and_then(|at| texts.list.get(at));
    match found {
        Some(text) => {
            let url = company.pages.get(text.page).map(|page| page.url.to_string()).unwrap_or_default();
            (Standing::Misses, text.text.to_owned(), url)
        }
        // What no page shows of a company that was read holds as far as anybody can see.
        None if company.data.is_some() => (Standing::Meets, String::new(), String::new()),
        None => open(),
    }
}
