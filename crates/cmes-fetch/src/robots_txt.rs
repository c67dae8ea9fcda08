//! Reading a robots.txt (RFC 9309). Pure, and linear in its length.
//!
//! Written here because a file of half a megabyte with wildcards in every line
//! must cost milliseconds; compiling each rule to a regular expression does not.

use std::time::Duration;

/// The product token by which sites address us.
pub(crate) const PRODUCT_TOKEN: &str = "cmes";

/// RFC 9309 §2.5: at least 500 KiB are read; what follows is ignored.
pub(crate) const MAX_BYTES: usize = 512 * 1024;

/// Far above what real files hold; bounds the work per page asked about.
const MAX_RULES: usize = 10_000;
const MAX_SITEMAPS: usize = 100;

/// What a robots.txt says to us.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RobotsTxt {
    rules: Vec<Rule>,
    /// The pause that it asks for between two requests.
    pub(crate) crawl_delay: Option<Duration>,
    /// Its sitemaps, as written.
    pub(crate) sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    pattern: String,
    allow: bool,
}

/// The group that a line belongs to, as far as we care.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Group {
    Others,
    Everyone,
    Us,
}

impl RobotsTxt {
    /// Reads a file. Whatever cannot be understood is skipped, as the RFC wants.
    pub(crate) fn parse(bytes: &[u8]) -> RobotsTxt {
        let bytes = &bytes[..bytes.len().min(MAX_BYTES)];
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut reader = Reader::default();
        for line in text.split(['\n', '\r', '\0']) {
            reader.line(line);
        }
        reader.finish()
    }

    /// May we read this path with its query? The longest rule decides, and of
    /// two equally long ones the friendlier (RFC 9309 §2.2.2).
    pub(crate) fn allows(&self, path: &str) -> bool {
        let path = normalised(path);
        if path == "/robots.txt" {
            return true;
        }
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        let decisive = matching.max_by_key(|rule| (rule.pattern.len(), rule.allow));
        decisive.is_none_or(|rule| rule.allow)
    }
}

#[derive(Debug)]
struct Reader {
    group: Group,
    /// The last line with a meaning was a user-agent line: the next one adds to the group.
    naming: bool,
    ours: RobotsTxt,
    everyone: RobotsTxt,
    we_are_named: bool,
    sitemaps: Vec<String>,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader {
            // Rules before any user-agent line: their author meant everyone.
            group: Group::Everyone,
            naming: false,
            ours: RobotsTxt::default(),
            everyone: RobotsTxt::default(),
            we_are_named: false,
            sitemaps: Vec::new(),
        }
    }
}

impl Reader {
    fn line(&mut self, line: &str) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { return };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "user-agent" | "useragent" | "user agent" => self.user_agent(value),
            "allow" => self.rule(value, true),
            "disallow" | "dissallow" | "disalow" => self.rule(value, false),
            "crawl-delay" => self.crawl_delay(value),
            "sitemap" if self.sitemaps.len() < MAX_SITEMAPS && !value.is_empty() => {
                self.sitemaps.push(value.to_owned());
            }
            _ => {}
        }
    }

    fn user_agent(&mut self, value: &str) {
        let named = group_named(value);
        // Several user-agent lines in a row share the rules below them.
        self.group = if self.naming && self.group > named { self.group } else { named };
        self.naming = true;
        self.we_are_named |= named == Group::Us;
    }

    fn current(&mut self) -> Option<&mut RobotsTxt> {
        self.naming = false;
        match self.group {
            Group::Us => Some(&mut self.ours),
            Group::Everyone => Some(&mut self.everyone),
            Group::Others => None,
        }
    }

    fn rule(&mut self, value: &str, allow: bool) {
        let Some(group) = self.current() else { return };
        // An empty Disallow forbids nothing.
        if value.is_empty() || group.rules.len() >= MAX_RULES {
            return;
        }
        let pattern = collapse_stars(&normalised(value));
        // Some write paths without the slash; it is what they mean.
        let pattern = if pattern.starts_with(['/', '*']) { pattern } else { format!("/{pattern}") };
        group.rules.push(Rule { pattern, allow });
    }

    fn crawl_delay(&mut self, value: &str) {
        let Some(group) = self.current() else { return };
        let delay = value.parse::<f32>().ok().and_then(|delay| Duration::try_from_secs_f32(delay).ok());
        group.crawl_delay = group.crawl_delay.or(delay);
    }

    fn finish(self) -> RobotsTxt {
        let chosen = if self.we_are_named { self.ours } else { self.everyone };
        RobotsTxt { sitemaps: self.sitemaps, ..chosen }
    }
}

/// A user-agent line names a product by its token; a version behind it is common.
fn group_named(value: &str) -> Group {
    let token_end = value.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_')));
    let token = &value[..token_end.unwrap_or(value.len())];
    if token.eq_ignore_ascii_case(PRODUCT_TOKEN) {
        Group::Us
    } else if value.starts_with('*') {
        Group::Everyone
    } else {
        Group::Others
    }
}

/// One spelling for a path: percent signs of what needs none removed, other
/// octets encoded, hexadecimal digits in upper case (RFC 9309 §2.2.2).
fn normalised(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte == b'%'
            && let Some(octet) = bytes.get(at..at + 2).and_then(hex_octet)
        {
            at += 2;
            if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~') {
                out.push(char::from(octet));
            } else {
                push_encoded(&mut out, octet);
            }
        } else if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            push_encoded(&mut out, byte);
        }
    }
    out
}

fn hex_octet(digits: &[u8]) -> Option<u8> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn push_encoded(out: &mut String, octet: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(octet >> 4)]));
    out.push(char::from(DIGITS[usize::from(octet & 15)]));
}

fn collapse_stars(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c != '*' || !out.ends_with('*') {
            out.push(c);
        }
    }
    out
}

/// Does the pattern match the beginning of the path? `*` stands for anything, `$`
/// at the end for the end. Taking the first place for each piece is enough.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let Some((first, pieces)) = pattern.split_once('*') else {
        return if anchored { path == pattern } else { path.starts_with(pattern) };
    };
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let (pieces, last) = pieces.rsplit_once('*').map_or(("", pieces), |(pieces, last)| (pieces, last));
    for piece in pieces.split('*') {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if anchored { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(robots: &str, path: &str, allowed: bool) {
        assert_eq!(RobotsTxt::parse(robots.as_bytes()).allows(path), allowed, "{path} under\n{robots}");
    }

    #[test]
    fn without_rules_everything_is_allowed() {
        check("", "/", true);
        check("User-agent: *\nDisallow:", "/a", true);
        check("<html><body>no such page: sorry</body></html>", "/a", true);
        check("User-agent: other\nDisallow: /", "/a", true);
    }

    #[test]
    fn our_own_group_replaces_that_of_everyone() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: cmes\nDisallow: /private\n";
        check(robots, "/", true);
        check(robots, "/private/x", false);
        check("user-agent: CMES/1.0 (note)\ndisallow: /\n\nUser-agent: *\nAllow: /", "/", false);
        check("User-agent: cmesbot\nDisallow: /", "/", true);
        check("User-agent: cmes\nUser-agent: other\nDisallow: /a", "/a", false);
        check("User-agent: other\nUser-agent: cmes\nDisallow: /a", "/a", false);
        check("User-agent: cmes\nDisallow: /a\nUser-agent: other\nDisallow: /b", "/b", true);
        // Two groups for us count as one.
        check("User-agent: cmes\nDisallow: /a\n\nUser-agent: cmes\nDisallow: /b", "/a", false);
    }

    #[test]
    fn an_own_group_without_rules_frees_us() {
        check("User-agent: *\nDisallow: /\n\nUser-agent: cmes\nDisallow:\n", "/a", true);
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let robots = "User-agent: *\nDisallow: /a\nAllow: /a/public\nDisallow: /a/public/not";
        check(robots, "/a/x", false);
        check(robots, "/a/public/x", true);
        check(robots, "/a/public/not/x", false);
        check("User-agent: *\nDisallow: /page\nAllow: /page", "/page", true);
        check("User-agent: *\nAllow: /$\nDisallow: /", "/", true);
        check("User-agent: *\nAllow: /$\nDisallow: /", "/a", false);
    }

    #[test]
    fn wildcards_and_end() {
        let robots = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a/*/z\nDisallow: /*?session=";
        check(robots, "/doc/x.pdf", false);
        check(robots, "/doc/x.pdf.html", true);
        check(robots, "/x.pdf.pdf", false);
        check(robots, "/a/b/c/z/d", false);
        check(robots, "/a/z", true);
        check(robots, "/p?session=1", false);
        check("User-agent: *\nDisallow: /a**********b", "/axxb", false);
        check("User-agent: *\nDisallow: *", "/", false);
        check("User-agent: *\nDisallow: /x*y*y$", "/xy", true);
        check("User-agent: *\nDisallow: /x*y*y$", "/xyy", false);
        check("User-agent: *\nDisallow: /cost$s", "/cost$s", false);
    }

    #[test]
    fn encodings_compare_as_octets() {
        check("User-agent: *\nDisallow: /über", "/%C3%BCber", false);
        check("User-agent: *\nDisallow: /%c3%bcber", "/%C3%BCber", false);
        check("User-agent: *\nDisallow: /%61bc", "/abc", false);
        check("User-agent: *\nDisallow: /a%2Fb", "/a/b", true);
        check("User-agent: *\nDisallow: /100%", "/100%", false);
    }

    #[test]
    fn untidy_files_are_understood() {
        check("\u{feff}User-agent: *\nDisallow: /a", "/a", false);
        check("User-agent: *\rDisallow: /a\r", "/a", false);
        check("  USER-AGENT :  *  # all\r\n  disallow :/a # not this\r\n", "/a/b", false);
        check("User-agent: *\n\n\nDisallow: /a", "/a", false);
        check("Disallow: /a", "/a", false);
        check("User-agent: *\nDisallow: a", "/a", false);
        check("User-agent: *\nnonsense\nDisallow: /a", "/a", false);
        check("User-agent: *\nSitemap: https://example.com/s.xml\nDisallow: /a", "/a", false);
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
    }

    #[test]
    fn delay_and_sitemaps() {
        let robots = RobotsTxt::parse(
            b"Sitemap: https://example.com/one.xml\nUser-agent: *\nCrawl-delay: 2.5\nUser-agent: cmes\nCrawl-delay: 1\nSitemap:https://example.com/two.xml",
        );
        assert_eq!(robots.crawl_delay, Some(Duration::from_secs(1)));
        assert_eq!(robots.sitemaps, ["https://example.com/one.xml", "https://example.com/two.xml"]);
        for odd in ["-1", "NaN", "inf", "1e38", "soon"] {
            let text = format!("User-agent: *\nCrawl-delay: {odd}");
            assert!(RobotsTxt::parse(text.as_bytes()).crawl_delay.is_none_or(|delay| delay.as_secs() > 0), "{odd}");
        }
    }

    #[test]
    fn a_hostile_file_costs_little() {
        let line = "Disallow: /*a*a*a*a*a*a*a*a*a*a*b$\n";
        let robots = format!("User-agent: *\n{}", line.repeat(MAX_BYTES / line.len()));
        let path = format!("/{}", "a".repeat(2000));
        let begin = std::time::Instant::now();
        assert!(RobotsTxt::parse(robots.as_bytes()).allows(&path));
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    }

    proptest! {
        #[test]
        fn no_file_and_no_path_panics(bytes: Vec<u8>, path in "\\PC*") {
            let _ = RobotsTxt::parse(&bytes).allows(&path);
        }

        #[test]
        fn stars_match_as_the_definition_says(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,10}") {
            prop_assert_eq!(matches(&collapse_stars(&pattern), &path), by_definition(pattern.as_bytes(), path.as_bytes()));
        }
    }

    /// The definition, written for shortness.
    fn by_definition(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern, path) {
            ([], _) => true,
            ([b'$'], rest) => rest.is_empty(),
            ([b'*', pattern @ ..], _) => (0..=path.len()).any(|skip| by_definition(pattern, &path[skip..])),
            ([p, pattern @ ..], [c, path @ ..]) => p == c && by_definition(pattern, path),
            _ => false,
        }
    }
}
