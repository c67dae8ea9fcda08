//! Whose an address is, by its domain.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whose an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The site's own domain.
    Site,
    /// The same name under another suffix (`firm.de`, `firm.com`).
    Brand,
    /// A mail provider.
    Provider,
    /// Somebody else.
    Other,
    /// An authority, a host, a platform: never the company's.
    Nobody,
}

static PROVIDERS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| list(include_str!("../../../data/mail_providers.txt")).collect());

/// The entries of a data file: one a line, `#` begins a remark.
pub(crate) fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace())
}

/// Whether a (registrable) domain is a mail provider's.
pub(crate) fn is_provider(domain: &str) -> bool {
    PROVIDERS.contains(domain) || registrable(domain).is_some_and(|domain| PROVIDERS.contains(domain))
}

/// The registrable domain of a host.
pub(crate) fn registrable(host: &str) -> Option<&str> {
    psl::domain_str(host)
}

const NOBODY: &[&str] = &[
    "europa.eu",
    "ico.org.uk",
    "cnil.fr",
    "bfdi.bund.de",
    "aepd.es",
    "garanteprivacy.it",
    "gpdp.it",
    "autoriteitpersoonsgegevens.nl",
    "dsb.gv.at",
    "edoeb.admin.ch",
    "uodo.gov.pl",
    "imy.se",
    "datatilsynet.no",
    "datatilsynet.dk",
    "tietosuoja.fi",
    "dataprotection.ie",
    "cnpd.pt",
    "cnpd.lu",
    "naih.hu",
    "uoou.cz",
    "dataprotection.gov.sk",
    "rkn.gov.ru",
    "kvkk.gov.tr",
    "anpd.gov.br",
    "oaic.gov.au",
    "privacy.org.nz",
    "priv.gc.ca",
    "ldi.nrw.de",
    "lda.bayern.de",
    "datenschutz-hamburg.de",
    "datenschutz.hamburg.de",
    "datenschutz-berlin.de",
    "datenschutz.hessen.de",
    "datenschutzzentrum.de",
    "lfdi.bwl.de",
    "datenschutz.bremen.de",
    "lfd.niedersachsen.de",
    "datenschutz.rlp.de",
    "verbraucher-schlichter.de",
    "universalschlichtungsstelle.de",
    "ombudsmann.at",
    "konsumentenombudsmannen.se",
    "mediateur-conso.fr",
    "cm2c.net",
    "medicys.fr",
    "ovh.com",
    "ovh.net",
    "ionos.de",
    "ionos.com",
    "1und1.de",
    "strato.de",
    "hetzner.com",
    "hetzner.de",
    "mittwald.de",
    "all-inkl.com",
    "godaddy.com",
    "namecheap.com",
    "wordpress.com",
    "wordpress.org",
    "wix.com",
    "wixpress.com",
    "squarespace.com",
    "jimdo.com",
    "shopify.com",
    "weebly.com",
    "o2switch.fr",
    "gandi.net",
    "infomaniak.com",
    "aruba.it",
    "register.it",
    "sentry.io",
    "google.com",
    "facebook.com",
    "fb.com",
    "linkedin.com",
    "twitter.com",
    "apple.com",
    "microsoft.com",
    "cloudflare.com",
    "mailchimp.com",
    "hubspot.com",
    "klarna.com",
    "paypal.com",
    "stripe.com",
    "usercentrics.com",
    "cookiebot.com",
    "hotjar.com",
    "matomo.org",
    "typo3.org",
    "etracker.com",
    "adobe.com",
    "amazon.com",
    "personio.de",
    "greenhouse.io",
    "recruitee.com",
    "workable.com",
    "teamtailor.com",
    "softgarden.de",
    "stepstone.de",
    "indeed.com",
    "lever.co",
    "join.com",
    "proliance.ai",
    "dataguard.de",
    "activemind.de",
    "e-recht24.de",
    "eprivacy.eu",
    "iubenda.com",
];

/// Whose an address is, given the registrable domain of the site.
pub(crate) fn of(address: &str, site: &str) -> Owner {
    let Some((_, host)) = address.rsplit_once('@') else { return Owner::Nobody };
    let ascii = url::Host::parse(host).map_or_else(|_| host.to_owned(), |host| host.to_string());
    let site_ascii = url::Host::parse(site).map_or_else(|_| site.to_owned(), |host| host.to_string());
    let domain = registrable(&ascii).unwrap_or(&ascii);
    if domain == site_ascii || ascii == site_ascii || ascii.ends_with(&format!(".{site_ascii}")) {
        return Owner::Site;
    }
    if NOBODY
        .iter()
        .any(|nobody| ascii == *nobody || ascii.strip_suffix(nobody).is_some_and(|rest| rest.ends_with('.')))
        || is_authority(&ascii)
    {
        return Owner::Nobody;
    }
    if is_provider(domain) {
        return Owner::Provider;
    }
    let brand = |domain: &str| domain.split('.').next().unwrap_or_default().replace('-', "");
    let (mine, theirs) = (brand(&site_ascii), brand(domain));
    let same = mine.len() >= 4
        && theirs.len() >= 4
        && (mine == theirs
            || (theirs.len() >= 5 && mine.len() >= 5 && (mine.starts_with(&theirs) || theirs.starts_with(&mine))));
    if same { Owner::Brand } else { Owner::Other }
}

/// Whether an address elsewhere carries the site's name before its `@`, as
/// certified mailboxes do (`firm@pec.provider.it`).
pub(crate) fn has_brand(address: &str, site: &str) -> bool {
    let label = site.split('.').next().unwrap_or_default().replace('-', "");
    let local = address.split('@').next().unwrap_or_default();
    let plain: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    label.len() >= 5
        && (plain.contains(&label)
            || local.split(['.', '-', '_']).any(|part| part.chars().count() >= 5 && label.contains(part)))
}

fn is_authority(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let (last, second) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
    last == "gov" || matches!(second, "gov" | "gob" | "gouv" | "gv" | "go" | "bund" | "admin") && last.len() == 2
}
