//! E-mail addresses in text and links, disguises undone.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// `[at]` and its like in many languages, in brackets of any kind.
static AT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\s{0,2}[\[({<«⟨（［【]\s{0,2}(?:at|ät|@|a|et|ett|æt|arroba|chiocciola|собака|sobaka|арроба|snabel-?a|alfakrøll|krøllalfa|miukumauku|kukac|zavin[aá][čc]|ma[łl]pa|apenstaartje|aapstaart|heimsendir|kuukaus|coada|klammeraffe|arobase|arobas|アットマーク|アット|あっと|골뱅이|ampersat|aet|at-sign|at sign|et işareti|strudel|shtrudel|שטרודל|כרוכית|malpa|zavináč|majmun|равлик|песик|собачка|sobachka|παπάκι|papaki|آت|ات|ett|아트|앳|골뱅이로|小老鼠|老鼠|圈a|艾特)\s{0,2}[\])}>»⟩）］】]\s{0,2}",
    )
    .expect("a fixed pattern")
});
/// `[dot]` and its like.
static DOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\s{0,2}[\[({<«⟨（［【]\s{0,2}(?:dot|punkt|punt|point|punto|ponto|prikk|piste|bod|tečka|tecka|kropka|pont|nokta|точка|tochka|крапка|ドット|どっと|점|닷|点|點|נקודה|τελεία|teleia|pika|punct|taškas|taskas|punkts|נק|نقطة|نقطه|dott|\.|pt)\s{0,2}[\])}>»⟩）］】]\s{0,2}",
    )
    .expect("a fixed pattern")
});
/// ` at … dot ` without brackets.
static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)([^\s@:,;()]+)\s(?:at|ät|arroba|chiocciola|kukac|małpa|malpa|zavináč|zavinac|собака|apenstaartje|snabela|krøllalfa)\s([^\s@:,;().]+(?:\s(?:dot|punkt|punto|ponto|point|punt|pont|kropka|tečka|tecka|bodka|точка)\s[^\s@:,;().]+)+)",
    )
    .expect("a fixed pattern")
});
static SPOKEN_DOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s(?:dot|punkt|punto|ponto|point|punt|pont|kropka|tečka|tecka|bodka|точка)\s")
        .expect("a fixed pattern")
});
/// ` AT ` in capitals before a written domain.
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([a-z0-9._+-]+)\s(?:AT|ÄT)\s([a-z0-9-]+(?:(?:\.|\s(?:DOT|PUNKT)\s)[a-z0-9-]+)+)")
        .expect("a fixed pattern")
});
static CAPITAL_DOT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s(?:DOT|PUNKT)\s").expect("a fixed pattern"));

/// Longest line in which disguises are looked for.
const LONGEST: usize = 20_000;

/// Whether a text may hold an address; cheap.
pub(crate) fn may_hold(text: &str) -> bool {
    text.contains(['@', '＠', '﹫'])
        || text.len() <= LONGEST
            && (text.contains(['[', '(', '{', '<', '«', '⟨', '（', '［', '【']) && AT.is_match(text)
                || has_word_at(text))
}

/// Words for `@` that stand between blanks.
static WORDS_AT: LazyLock<aho_corasick::AhoCorasick> = LazyLock::new(|| {
    crate::words::finder(&[
        " at ",
        " ät ",
        " Ät ",
        " ÄT ",
        " arroba ",
        " chiocciola ",
        " kukac ",
        " małpa ",
        " malpa ",
        " zavináč ",
        " zavinac ",
        " собака ",
        " apenstaartje ",
        " snabela ",
        " krøllalfa ",
    ])
});

fn has_word_at(text: &str) -> bool {
    WORDS_AT.is_match(text)
}

/// The addresses in a text, in lower case, in order, each once.
pub(crate) fn addresses(text: &str) -> Vec<String> {
    if !may_hold(text) {
        return Vec::new();
    }
    let plain = reveal(text);
    let mut out: Vec<String> = Vec::new();
    let mut from = 0;
    while let Some(found) = plain.get(from..).and_then(|rest| rest.find('@')) {
        let at = from + found;
        if let Some(address) = around(&plain, at)
            && !out.contains(&address)
            && out.len() < 200
        {
            out.push(address);
        }
        from = at + 1;
    }
    out
}

/// The text with disguises undone.
fn reveal(text: &str) -> String {
    let mut out = text.to_owned();
    if text.chars().any(|c| matches!(c, '\u{ff00}'..='\u{ff5e}' | '﹫')) {
        out = out.nfkc().collect();
    }
    if out.len() > LONGEST {
        return out;
    }
    if out.contains(['[', '(', '{', '<', '«', '⟨', '（', '［', '【']) {
        if AT.is_match(&out) {
            out = AT.replace_all(&out, "@").into_owned();
        }
        if out.contains('@') && DOT.is_match(&out) {
            out = DOT.replace_all(&out, ".").into_owned();
        }
    }
    if has_word_at(&out) {
        out = SPOKEN.replace_all(&out, |found: &regex::Captures<'_>| joined(found, &SPOKEN_DOT)).into_owned();
        out = CAPITALS.replace_all(&out, |found: &regex::Captures<'_>| joined(found, &CAPITAL_DOT)).into_owned();
    }
    if out.contains('@') && (out.contains(" dot ") || out.contains(" DOT ") || out.contains(" punkt ")) {
        out = SPOKEN_DOT.replace_all(&out, ".").into_owned();
    }
    out
}

fn joined(found: &regex::Captures<'_>, dot: &Regex) -> String {
    let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
    format!("{}@{}", part(1), dot.replace_all(part(2), "."))
}

/// The address around the `@` at a byte offset.
fn around(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?;
    let after = text.get(at + 1..)?;
    let before = before.strip_suffix(' ').filter(|_| spaced(text, at)).unwrap_or(before);
    let after = after.strip_prefix(' ').unwrap_or(after);
    let local_start = before
        .char_indices()
        .rev()
        .take(65)
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '\'' | '-' | '&' | '=' | '~'))
        .last()?
        .0;
    let local = before.get(local_start..)?;
    let end = after
        .char_indices()
        .take(254)
        .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
        .map_or(after.len().min(after.floor_char_boundary(254)), |(at, _)| at);
    let domain = after.get(..end)?;
    // `a@b@c` and `user:pass@host` are no addresses.
    if after.get(end..).is_some_and(|rest| rest.starts_with('@'))
        || before.get(..local_start).is_some_and(|head| head.ends_with(['/', '@']))
    {
        return None;
    }
    let head = before.get(..local_start).unwrap_or_default();
    check(
        without_number(head, local.trim_start_matches(['.', '-', '\'', '=', '&'])),
        domain.trim_end_matches(['.', '-']),
    )
}

/// A local part without the end of a telephone number that touches it where a
/// page sets the two apart by style: `1800 425 0417sales`.
fn without_number<'a>(head: &str, local: &'a str) -> &'a str {
    let letters = local.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = local.len() - letters.len();
    let number = head.chars().rev().take(12).filter(char::is_ascii_digit).count() >= 3;
    let word = letters.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    if digits >= 2 && word && number && head.ends_with([' ', '-', '/', ')']) { letters } else { local }
}

/// A blank before the `@` belongs to the address only if nothing else makes
/// the `@` a word of its own (`12 pcs @ 3.50`).
fn spaced(text: &str, at: usize) -> bool {
    text.get(at + 1..).is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
            .next()
            .is_some_and(|host| host.contains('.'))
    })
}

/// The address, if its parts are well formed (RFC 5321) and its domain can exist.
pub(crate) fn check(local: &str, domain: &str) -> Option<String> {
    let local = local.to_lowercase();
    let domain = domain.to_lowercase();
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().any(char::is_alphanumeric);
    if !local_fits
        || !domain_exists(&domain)
        || is_file(&local, &domain)
        || is_token(&local, &domain)
        || is_placeholder(&local, &domain)
    {
        return None;
    }
    Some(format!("{local}@{domain}"))
}

/// Whether a host name is well formed and its last part is a known one, or
/// one that is reserved for examples and tests (RFC 2606).
pub(crate) fn domain_exists(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let fits =
        |label: &&str| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-');
    if labels.len() < 2 || domain.len() > 253 || !labels.iter().all(fits) {
        return false;
    }
    let last = labels.last().copied().unwrap_or_default();
    if matches!(last, "example" | "test" | "invalid" | "localhost") {
        return true;
    }
    let known = |domain: &str| {
        psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes().len() < domain.len())
    };
    !last.chars().all(|c| c.is_ascii_digit())
        && (known(domain) || url::Host::parse(domain).is_ok_and(|host| known(&host.to_string())))
}

/// Names of pictures (`logo@2x.png`) and packages (`jquery@3.7.1`).
fn is_file(local: &str, domain: &str) -> bool {
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let density = domain.split('.').next().is_some_and(|first| {
        first.strip_suffix('x').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    density
        || matches!(
            ending,
            "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "avif" | "js" | "css" | "json" | "pdf" | "html" | "php"
        )
        || domain.bytes().next().is_some_and(|b| b.is_ascii_digit())
            && domain.split('.').all(|label| label.bytes().all(|b| b.is_ascii_digit()))
        || local.contains("%20")
}

/// Keys of error trackers, message ids and the like.
fn is_token(local: &str, domain: &str) -> bool {
    const HOSTS: &[&str] = &[
        "sentry.io",
        "sentry.wixpress.com",
        "sentry-next.wixpress.com",
        "wixpress.com",
        "ingest.sentry.io",
        "bugsnag.com",
        "amazonses.com",
    ];
    let hex = local.len() >= 24 && local.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    hex || domain.contains("sentry")
        || HOSTS.iter().any(|host| domain == *host || domain.ends_with(&format!(".{host}")))
}

const PLACEHOLDER_HOSTS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "example.co.uk",
    "example.de",
    "domain.com",
    "domain.de",
    "domain.tld",
    "yourdomain.com",
    "your-domain.com",
    "yourcompany.com",
    "your-company.com",
    "mydomain.com",
    "mysite.com",
    "yoursite.com",
    "website.com",
    "email.com",
    "beispiel.de",
    "muster.de",
    "musterfirma.de",
    "mustermann.de",
    "musterdomain.de",
    "exemple.com",
    "exemple.fr",
    "ejemplo.com",
    "ejemplo.es",
    "dominio.com",
    "dominio.it",
    "esempio.it",
    "esempio.com",
    "exemplo.com",
    "exemplo.com.br",
    "voorbeeld.nl",
    "domein.nl",
    "przyklad.pl",
    "primer.ru",
    "adresse.de",
    "adresse.com",
];
const PLACEHOLDER_LOCALS: &[&str] = &[
    "you",
    "your",
    "yourname",
    "your.name",
    "your-name",
    "your_name",
    "youremail",
    "your.email",
    "your-email",
    "name.surname",
    "firstname.lastname",
    "first.last",
    "firstname",
    "lastname",
    "vorname.nachname",
    "vorname",
    "max.mustermann",
    "maxmustermann",
    "max@mustermann",
    "prenom.nom",
    "prénom.nom",
    "votre.nom",
    "votre.email",
    "votreemail",
    "nombre.apellido",
    "tu.nombre",
    "tuemail",
    "tucorreo",
    "nome.cognome",
    "nome.sobrenome",
    "seuemail",
    "seunome",
    "voornaam.achternaam",
    "imie.nazwisko",
    "imię.nazwisko",
    "john.doe",
    "johndoe",
    "jane.doe",
    "janedoe",
    "jan.kowalski",
    "someone",
    "somebody",
    "xxx",
    "xxxx",
    "abc",
    "user.name",
    "username",
    "fornavn.etternavn",
    "fornamn.efternamn",
    "etunimi.sukunimi",
    "v.nachname",
    "ihre-email",
    "ihre.email",
    "ihremail",
    "deine.email",
    "emailadresse",
    "isim.soyisim",
    "ad.soyad",
    "ornek",
    "example",
    "test",
    "sample",
    "yourmail",
    "ihrname",
    "deinname",
    "ihre.adresse",
    "jmeno.prijmeni",
    "meno.priezvisko",
    "vezeteknev.keresztnev",
    "ditt.namn",
    "dit.navn",
    "ditt.navn",
    "navn.efternavn",
    "nume.prenume",
    "ime.prezime",
    "imya",
    "имя",
    "tunombre",
    "votrenom",
    "votremail",
    "uw.naam",
    "uwnaam",
];

/// What forms and instructions show as an example.
fn is_placeholder(local: &str, domain: &str) -> bool {
    PLACEHOLDER_HOSTS.contains(&domain) || PLACEHOLDER_LOCALS.contains(&local)
}

/// The recipients of a `mailto:` link.
pub(crate) fn mailto(href: &str) -> Vec<String> {
    let href = crate::page::prefix(href.trim(), 4_000);
    let Some(rest) = href.get(..7).filter(|head| head.eq_ignore_ascii_case("mailto:")).and_then(|_| href.get(7..))
    else {
        return Vec::new();
    };
    let (recipients, query) = rest.split_once('?').unwrap_or((rest, ""));
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut out: Vec<String> = Vec::new();
    let to = query.split('&').filter_map(|part| part.strip_prefix("to=").or_else(|| part.strip_prefix("To=")));
    for list in std::iter::once(recipients).chain(to) {
        let list = decode(list);
        for one in list.split([',', ';']) {
            out.extend(addresses(one.trim().trim_start_matches('/')).into_iter().take(1));
        }
    }
    out.dedup();
    out
}
