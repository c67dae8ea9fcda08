//! What the local part of an address says: the company's general address, a
//! department's, a machine's, or a person's.

use std::sync::LazyLock;

type Words = LazyLock<Vec<&'static str>>;

/// General addresses, the best first.
static CENTRAL: Words = LazyLock::new(|| under("[central]"));
static SALES: Words = LazyLock::new(|| under("[sales]"));
static DEPARTMENT: Words = LazyLock::new(|| under("[department]"));
static ASIDE: Words = LazyLock::new(|| under("[aside]"));
static LAST: Words = LazyLock::new(|| under("[last]"));
static POSTS: Words = LazyLock::new(|| under("[posts]"));

/// The words under a heading of `ranks.txt`, which says what they are.
fn under(heading: &str) -> Vec<&'static str> {
    let lines = include_str!("ranks.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('[')).collect()
}

fn bare(local: &str) -> &str {
    local.split('+').next().unwrap_or(local)
}

/// Whether it belongs to a department or a machine rather than a person.
pub(crate) fn is_role(local: &str) -> bool {
    score(local).is_some()
}

/// Whether several people share it, so that it is the company's also where
/// one of them is named with it.
pub(crate) fn is_desk(local: &str) -> bool {
    is_role(local) && !is_post(local)
}

/// Whether it names the post of one person.
pub(crate) fn is_post(local: &str) -> bool {
    POSTS.contains(&bare(local).split(['.', '-', '_']).next().unwrap_or(local))
}

/// Whether mail there is for the site's machinery or its lawyers.
pub(crate) fn is_last(local: &str) -> bool {
    LAST.contains(&bare(local)) || ["noreply", "no-reply", "donotreply"].iter().any(|word| local.contains(word))
}

/// How good a first address it is; `None` for an unknown word or a name.
pub(crate) fn score(local: &str) -> Option<i32> {
    let local = bare(local);
    if is_last(local) {
        return Some(-60);
    }
    if let Some(at) = CENTRAL.iter().position(|word| *word == local) {
        return Some(100 - i32::try_from(at.min(10)).unwrap_or(10));
    }
    let lists = [(&SALES, 80), (&DEPARTMENT, 65), (&ASIDE, 25)];
    if let Some((_, score)) = lists.iter().find(|(list, _)| list.contains(&local)) {
        return Some(*score);
    }
    // `info-hamburg`, `sales.de`, `kontakt2`.
    let first = local.split(['.', '-', '_']).next().unwrap_or(local).trim_end_matches(|c: char| c.is_ascii_digit());
    let known = first != local && (CENTRAL.contains(&first) || SALES.contains(&first) || DEPARTMENT.contains(&first));
    if known {
        return Some(62);
    }
    let last = local.rsplit(['.', '-', '_']).next().unwrap_or(local);
    if last != local && ASIDE.contains(&first) {
        return Some(25);
    }
    (last != local && [&CENTRAL, &SALES, &DEPARTMENT].iter().any(|list| list.contains(&last))).then_some(60)
}

/// Whether it has the shape of a person's address: `ann.lee`, `a.lee`.
pub(crate) fn is_personal(local: &str) -> bool {
    let mut parts = local.split(['.', '_']);
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c == '-');
    word(first) && word(second) && second.chars().count() >= 2 && !is_role(local) && !is_role(first) && !is_role(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_of_the_list_has_its_words() {
        let all: Vec<usize> = [&CENTRAL, &SALES, &DEPARTMENT, &ASIDE, &LAST, &POSTS].map(|words| words.len()).to_vec();
        assert!(all.iter().all(|count| *count > 20), "{all:?}");
        let headings = include_str!("ranks.txt").lines().filter(|line| line.starts_with('[')).count();
        assert_eq!(headings, all.len());
        assert_eq!(CENTRAL.first(), Some(&"info"));
    }
}
