//! The language in which the company communicates.
//!
//! What visitors read decides, since templates declare `en` for everything;
//! what the markup declares settles what text alone cannot: languages that
//! read alike, and pages with few words.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::{LanguageCode, Method};
use whatlang::Lang;

use crate::facts::{Finding, snippet};
use crate::page::{Page, Region, prefix};

/// Text that is judged, in bytes; more does not make it surer.
const ENOUGH: usize = 8_000;
/// Pages that are added to the first when it says little.
const PAGES: usize = 6;
/// Letters from which the statistics of a text can be trusted.
const RELIABLE: usize = 120;

/// Languages that statistics mistake for each other; what is declared decides.
const ALIKE: &[&[&str]] = &[
    &["no", "nn", "da"],
    &["hr", "sr", "bs", "sl"],
    &["cs", "sk"],
    &["ms", "id"],
    &["pt", "gl"],
    &["es", "ca", "gl"],
    &["ru", "bg", "mk", "sr", "be", "kk", "ky", "tg", "mn"],
    &["hi", "mr", "ne", "sa"],
    &["ar", "fa", "ur", "ps", "ckb"],
    &["tr", "az"],
    &["af", "nl"],
];

/// Words that say little and so stand in every text, by language.
const COMMON: &[(&str, &str)] = &[
    ("en", "the and of to for with our your we is are you from this that in on by or at"),
    ("de", "und der die das mit für wir sie ist auf von zu ihre unsere den im ein eine nicht sind bei"),
    ("fr", "les des et une pour nous vous dans notre votre sur est avec le la du au nos aux"),
    ("es", "los las para con nuestros nuestra una el y en del por que su sus de más la"),
    ("it", "della di il per gli con nostri una dei che alla nel i le e sono nostra delle è"),
    ("pt", "os as para com uma nossos do da em e não dos das nossa você mais ao são"),
    ("nl", "de het een en van voor met onze wij uw is op zijn ook bij naar te wat"),
    ("pl", "i w na z oraz dla się nasze do jest o naszych przez firmy są od nie"),
    ("cs", "a v na s pro je se naše jsou do za od nebo také které my vám z"),
    ("sk", "a v na s pre je sa naše sú do za od alebo aj ktoré my vám z"),
    ("sv", "och för med vi är att av på som våra till din ett den från om hos"),
    ("no", "og for med vi er på til som våre av din ikke det fra vår om hos kan"),
    ("da", "og for med vi er på til som vores af din ikke det fra om hos kan dig"),
    ("fi", "ja on me meidän sekä tai ovat kanssa voit mukaan että myös teemme ota yhteyttä"),
    ("hu", "és a az hogy nem egy is vagy meg cégünk termékeink minden ha kell van"),
    ("ro", "și si de la cu pentru în din este noastre sunt o noastră prin către"),
    ("tr", "ve bir için ile bu olarak daha en çok hizmet firmamız olan her"),
    ("id", "dan yang untuk dengan kami di dari adalah ini anda pada dalam"),
    ("hr", "i u na za s je se naše su od ili također koji kao"),
];

/// The language of the site, from its text and what its markup declares.
#[must_use]
pub fn find(pages: &[Page]) -> Option<Finding<LanguageCode>> {
    let home = pages.first()?;
    let text = visible(pages);
    let declared = pages.iter().take(1).chain(pages.iter().skip(1).take(PAGES)).find_map(declared);
    let read = read(&text);
    let from_text = |code: LanguageCode, confidence| Finding {
        value: code,
        page: Some(0),
        method: Method::Text,
        snippet: snippet(&text, ""),
        confidence,
    };
    let from_markup = |declared: &Declared, confidence| Finding {
        value: declared.code,
        page: index_of(pages, declared.page),
        method: declared.method,
        snippet: declared.snippet.clone(),
        confidence,
    };
    match (read, declared) {
        (Some(read), Some(declared)) if read.code == declared.code => Some(from_markup(&declared, 0.97)),
        (Some(read), Some(declared)) if are_alike(read.code, declared.code) && !read.certain => {
            Some(from_markup(&declared, 0.9))
        }
        (Some(read), Some(_)) if read.sure => Some(from_text(read.code, 0.85)),
        (_, Some(declared)) => Some(from_markup(&declared, 0.75)),
        (Some(read), None) => Some(from_text(read.code, if read.sure { 0.85 } else { 0.55 })),
        (None, None) => {
            let code = by_path(home)?;
            Some(Finding {
                value: code,
                page: Some(0),
                method: Method::Inferred,
                snippet: home.url.path().to_owned(),
                confidence: 0.5,
            })
        }
    }
}

/// The language of a text, when it is plain.
#[must_use]
pub fn detect_if_plain(text: &str) -> Option<LanguageCode> {
    read(prefix(text, ENOUGH)).filter(|read| read.sure).map(|read| read.code)
}

/// Whether a text is in another language than it should be: when that is plain,
/// or when it has more of the common words of `source`, from which it was
/// translated.
#[must_use]
pub fn is_other(text: &str, wanted: LanguageCode, source: Option<LanguageCode>) -> bool {
    let text = prefix(text, ENOUGH);
    // A script says it plainly, however short the text.
    if let Some(read) = read(text).filter(|read| read.sure || read.certain) {
        return read.code != wanted && !are_alike(read.code, wanted);
    }
    let count = |code: &str| COMMON.iter().position(|(known, _)| *known == code).map_or(0, |at| common_words(text, at));
    source.is_some_and(|source| source != wanted && count(source.as_str()) > count(wanted.as_str()))
}

/// How many of a language's common words stand in a text.
fn common_words(text: &str, language: usize) -> usize {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    words.filter(|word| COMMON_WORDS.get(word).is_some_and(|languages| languages.contains(&language))).count()
}

/// The likeliest language of a text, by itself.
pub(crate) fn detect(text: &str) -> Option<LanguageCode> {
    read(text).map(|read| read.code)
}

fn index_of(pages: &[Page], page: &Page) -> Option<u16> {
    pages.iter().position(|other| std::ptr::eq(other, page)).and_then(|index| u16::try_from(index).ok())
}

/// What visitors read: the first page's own text, the others' when that is little.
fn visible(pages: &[Page]) -> String {
    let mut text = String::new();
    for (index, page) in pages.iter().take(PAGES).enumerate() {
        if index > 0 && text.len() > ENOUGH / 10 {
            break;
        }
        let own = |region: Region| !matches!(region, Region::Nav | Region::Overlay | Region::Footer);
        for line in page.lines.iter().filter(|line| !line.hidden && own(line.region)) {
            // Addresses and names of products have no language.
            if line.text.contains('@') || line.text.contains("://") {
                continue;
            }
            text.push_str(prefix(&line.text, ENOUGH));
            text.push('\n');
            if text.len() > ENOUGH {
                return text;
            }
        }
    }
    text
}

/// What markup declares, and where.
struct Declared<'a> {
    code: LanguageCode,
    page: &'a Page,
    method: Method,
    snippet: String,
}

fn declared(page: &Page) -> Option<Declared<'_>> {
    let header = page.header("content-language").next().map(|value| value.split(',').next().unwrap_or(value));
    let sources = [
        (Some(page.lang.as_str()), Method::Meta, "lang"),
        (page.meta("og:locale"), Method::Meta, "og:locale"),
        (header, Method::Header, "Content-Language"),
        (page.meta("content-language"), Method::Meta, "content-language"),
        (page.meta("dc.language"), Method::Meta, "dc.language"),
        (page.meta("language"), Method::Meta, "language"),
    ];
    sources.into_iter().find_map(|(value, method, name)| {
        let value = value?;
        Some(Declared { code: code(value)?, page, method, snippet: format!("{name}: {value}") })
    })
}

/// The language of a tag; old and special codes in their usual form.
fn code(tag: &str) -> Option<LanguageCode> {
    let primary = tag.trim().split(['-', '_', ',', ';']).next().unwrap_or_default().to_ascii_lowercase();
    let usual = match primary.as_str() {
        "nb" | "nob" => "no",
        "iw" => "he",
        "in" => "id",
        "ji" => "yi",
        "jp" => "ja",
        "cz" => "cs",
        "dk" => "da",
        "gr" => "el",
        "cn" | "cmn" | "zho" | "chi" => "zh",
        "deu" | "ger" | "german" | "deutsch" => "de",
        "eng" | "english" => "en",
        "fra" | "fre" | "french" => "fr",
        "fil" => "tl",
        other => other,
    };
    usual.parse().ok()
}

/// `/de/` at the beginning of the path.
fn by_path(page: &Page) -> Option<LanguageCode> {
    let first = page.url.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    (first.len() == 2 || first.len() == 5 && first.contains(['-', '_'])).then(|| code(first)).flatten()
}

/// A language read from text.
struct ReadLanguage {
    code: LanguageCode,
    /// Enough text to overrule the markup.
    sure: bool,
    /// The script or its letters leave no other, not even one that reads alike.
    certain: bool,
}

fn read(text: &str) -> Option<ReadLanguage> {
    let scripts = Scripts::of(text);
    if scripts.letters == 0 {
        return None;
    }
    if let Some((code, certain)) = scripts.language(text) {
        let sure = scripts.letters >= 20;
        return Some(ReadLanguage { code: code.parse().ok()?, sure, certain });
    }
    let by_words = by_words(text);
    let detected = whatlang::detect(text);
    let statistics = detected.as_ref().and_then(|info| Some((iso(info.lang())?, info)));
    let trusted = |info: &whatlang::Info| info.is_reliable() && scripts.letters >= RELIABLE;
    let (code, sure) = match (by_words, statistics) {
        (Some((code, count)), Some((other, _))) if code == other || are_alike_codes(code, other) => {
            // Which of the two that read alike, the common words know better.
            (code, count >= 6 || scripts.letters >= RELIABLE)
        }
        (Some((code, count)), _) if count >= 8 => (code, true),
        (_, Some((code, info))) if trusted(info) => (code, true),
        (Some((code, _)), _) => (code, false),
        (None, Some((code, info))) if info.confidence() > 0.6 && scripts.letters >= 50 => (code, false),
        _ => return None,
    };
    let code: LanguageCode = code.parse().ok()?;
    Some(ReadLanguage { code, sure, certain: false })
}

/// The languages of each common word, by their places in [`COMMON`].
static COMMON_WORDS: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut map: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, (_, list)) in COMMON.iter().enumerate() {
        for word in list.split(' ') {
            map.entry(word).or_default().push(index);
        }
    }
    map
});

/// The language whose common words are clearly the most frequent, and how many
/// of them there are.
fn by_words(text: &str) -> Option<(&'static str, usize)> {
    let mut counts = vec![0_usize; COMMON.len()];
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphabetic()) {
        for index in COMMON_WORDS.get(word).into_iter().flatten() {
            if let Some(count) = counts.get_mut(*index) {
                *count += 1;
            }
        }
    }
    let (best, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let (code, _) = COMMON.get(best)?;
    // One that reads alike may come close; another may not.
    let rival = counts.iter().enumerate().filter(|(index, _)| {
        *index != best && COMMON.get(*index).is_some_and(|(other, _)| !are_alike_codes(code, other))
    });
    let second = rival.map(|(_, count)| *count).max().unwrap_or(0);
    (*most >= 3 && *most * 2 > second * 3).then_some((*code, *most))
}

fn are_alike(a: LanguageCode, b: LanguageCode) -> bool {
    are_alike_codes(a.as_str(), b.as_str())
}

fn are_alike_codes(a: &str, b: &str) -> bool {
    ALIKE.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// Letters by script.
#[derive(Default)]
struct Scripts {
    letters: usize,
    latin: usize,
    cyrillic: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    arabic: usize,
    /// The script of one language each, with its count.
    single: Vec<(&'static str, usize)>,
}

/// Scripts that (nearly) one language alone is written in.
const SINGLE: &[(&str, std::ops::RangeInclusive<char>)] = &[
    ("el", '\u{370}'..='\u{3ff}'),
    ("hy", '\u{530}'..='\u{58f}'),
    ("he", '\u{590}'..='\u{5ff}'),
    ("hi", '\u{900}'..='\u{97f}'),
    ("bn", '\u{980}'..='\u{9ff}'),
    ("pa", '\u{a00}'..='\u{a7f}'),
    ("gu", '\u{a80}'..='\u{aff}'),
    ("ta", '\u{b80}'..='\u{bff}'),
    ("te", '\u{c00}'..='\u{c7f}'),
    ("kn", '\u{c80}'..='\u{cff}'),
    ("ml", '\u{d00}'..='\u{d7f}'),
    ("si", '\u{d80}'..='\u{dff}'),
    ("th", '\u{e00}'..='\u{e7f}'),
    ("lo", '\u{e80}'..='\u{eff}'),
    ("my", '\u{1000}'..='\u{109f}'),
    ("ka", '\u{10a0}'..='\u{10ff}'),
    ("am", '\u{1200}'..='\u{137f}'),
    ("km", '\u{1780}'..='\u{17ff}'),
];

impl Scripts {
    fn of(text: &str) -> Self {
        let mut all = Self::default();
        for c in text.chars() {
            if !c.is_alphabetic() {
                continue;
            }
            all.letters += 1;
            match c {
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => all.latin += 1,
                '\u{400}'..='\u{52f}' => all.cyrillic += 1,
                '\u{3400}'..='\u{9fff}' => all.han += 1,
                '\u{3040}'..='\u{30ff}' => all.kana += 1,
                '\u{ac00}'..='\u{d7a3}' => all.hangul += 1,
                '\u{600}'..='\u{6ff}' => all.arabic += 1,
                c => {
                    if let Some((code, _)) = SINGLE.iter().find(|(_, range)| range.contains(&c)) {
                        match all.single.iter_mut().find(|(known, _)| known == code) {
                            Some((_, count)) => *count += 1,
                            None => all.single.push((code, 1)),
                        }
                    }
                }
            }
        }
        all
    }

    /// The language that the script stands for, and whether no other is
    /// written so. `None` for Latin. A character of an East Asian script is
    /// worth several letters.
    fn language(&self, text: &str) -> Option<(&'static str, bool)> {
        let asian = (self.han + self.kana + self.hangul) * 3;
        let single = self.single.iter().max_by_key(|(_, count)| *count).copied().unwrap_or(("", 0));
        let most = [self.latin, self.cyrillic, asian, self.arabic, single.1].into_iter().max()?;
        if most == self.latin {
            return None;
        }
        if most == asian {
            return Some(match () {
                () if self.hangul > self.han + self.kana => ("ko", true),
                () if self.kana * 12 > self.han => ("ja", true),
                () => ("zh", true),
            });
        }
        if most == single.1 {
            return Some((single.0, single.0 != "hi"));
        }
        let has = |letters: &[char]| text.chars().filter(|c| letters.contains(c)).count() >= 2;
        if most == self.arabic {
            return Some(match () {
                () if has(&['ٹ', 'ڈ', 'ں', 'ے']) => ("ur", true),
                () if has(&['پ', 'چ', 'ژ', 'گ']) => ("fa", true),
                () => ("ar", false),
            });
        }
        Some(cyrillic(text))
    }
}

/// Languages in Cyrillic letters, by the letters that only some have.
fn cyrillic(text: &str) -> (&'static str, bool) {
    let count = |letters: &[char]| text.chars().filter(|c| letters.contains(c)).count();
    let letters = text.chars().filter(|c| ('\u{400}'..='\u{52f}').contains(c)).count().max(1);
    let ukrainian = count(&['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ']);
    let russian = count(&['ы', 'э', 'ё', 'Ы', 'Э', 'Ё']);
    match () {
        () if count(&['ў', 'Ў']) * 400 > letters => ("be", true),
        () if count(&['ә', 'ұ', 'қ', 'ғ', 'ң', 'Қ', 'Ә']) * 100 > letters => ("kk", true),
        () if count(&['ј', 'љ', 'њ', 'ћ', 'ђ', 'џ', 'Ј']) * 100 > letters => {
            (if count(&['ќ', 'ѓ', 'ѕ']) > 0 { "mk" } else { "sr" }, true)
        }
        () if ukrainian * 60 > letters && ukrainian > russian => ("uk", true),
        () if russian * 200 > letters => ("ru", true),
        () if count(&['ъ']) * 100 > letters => ("bg", true),
        () => (whatlang::detect_lang(text).and_then(iso).unwrap_or("ru"), false),
    }
}

/// whatlang's languages by their two-letter codes.
fn iso(lang: Lang) -> Option<&'static str> {
    Some(match lang.code() {
        "eng" => "en",
        "rus" => "ru",
        "cmn" => "zh",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "ben" => "bn",
        "fra" => "fr",
        "deu" => "de",
        "ukr" => "uk",
        "kat" => "ka",
        "ara" => "ar",
        "hin" => "hi",
        "jpn" => "ja",
        "heb" => "he",
        "yid" => "yi",
        "pol" => "pl",
        "amh" => "am",
        "jav" => "jv",
        "kor" => "ko",
        "nob" => "no",
        "dan" => "da",
        "swe" => "sv",
        "fin" => "fi",
        "tur" => "tr",
        "nld" => "nl",
        "hun" => "hu",
        "ces" => "cs",
        "ell" => "el",
        "bul" => "bg",
        "bel" => "be",
        "mar" => "mr",
        "kan" => "kn",
        "ron" => "ro",
        "slv" => "sl",
        "hrv" => "hr",
        "srp" => "sr",
        "mkd" => "mk",
        "lit" => "lt",
        "lav" => "lv",
        "est" => "et",
        "tam" => "ta",
        "vie" => "vi",
        "urd" => "ur",
        "tha" => "th",
        "guj" => "gu",
        "uzb" => "uz",
        "pan" => "pa",
        "aze" => "az",
        "ind" => "id",
        "tel" => "te",
        "pes" => "fa",
        "mal" => "ml",
        "ori" => "or",
        "mya" => "my",
        "nep" => "ne",
        "sin" => "si",
        "khm" => "km",
        "tuk" => "tk",
        "aka" => "ak",
        "zul" => "zu",
        "sna" => "sn",
        "afr" => "af",
        "lat" => "la",
        "slk" => "sk",
        "cat" => "ca",
        "tgl" => "tl",
        "hye" => "hy",
        "cym" => "cy",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
