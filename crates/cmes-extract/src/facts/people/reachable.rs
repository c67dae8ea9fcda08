//! People without a known position whose own address stands with their name.

use super::alike::{Like, linked, may_be_title};
use super::{lines, matching, titles};
use crate::facts::emails::scan;
use crate::facts::phones::holders::is_place;
use crate::page::Page;

/// Lines below a name that are looked at for an address.
const BELOW: u32 = 5;

/// Names that stand alone in a line and are followed by an address of the
/// site's domain that is made from them. `counts` tells whether a line may name
/// the company's people, `is_used` whether it has been read.
pub(crate) fn read(
    page: &Page,
    domain: &str,
    counts: &dyn Fn(u32) -> bool,
    is_used: &dyn Fn(u32) -> bool,
) -> Vec<Like> {
    let mut out = Vec::new();
    let text = |at: u32| page.lines.get(at as usize).map_or("", |line| line.text.as_str());
    let count = u32::try_from(page.lines.len()).unwrap_or(u32::MAX);
    let linked = linked(page);
    // Few lines stand close to an address; only those are looked at.
    let mut near: Vec<u32> = page.links.iter().filter(|l| l.href.starts_with("mailto:")).map(|l| l.line).collect();
    near.extend((0..count).filter(|at| scan::may_hold(text(*at))));
    near.sort_unstable();
    let mut line = 0;
    while line < count {
        let at = line;
        line += 1;
        let next = near.get(near.partition_point(|address| *address < at)).copied().unwrap_or(u32::MAX);
        if next > at + BELOW {
            continue;
        }
        if is_used(at) || !counts(at) || text(at).len() > 100 || titles::is_title(text(at)) {
            continue;
        }
        let Some(names) = lines::names(text(at)) else { continue };
        let [name] = names.as_slice() else { continue };
        let free = |at: &u32| !is_used(*at) && counts(*at) && lines::names(text(*at)).is_none();
        let end = (at + 1..(at + 1 + BELOW).min(count)).take_while(free).last().map_or(at + 1, |last| last + 1);
        let first = page.links.partition_point(|link| link.line < at);
        let links = page.links.iter().skip(first).take_while(|link| link.line < end).take(20);
        let mailed = links.flat_map(|link| scan::mailto(&link.href));
        let mut addresses = mailed.chain((at..end).flat_map(|at| scan::addresses(text(at))));
        let own = |address: &String| {
            address.split_once('@').is_some_and(|(local, host)| {
                let host = host == domain || host.strip_suffix(domain).is_some_and(|front| front.ends_with('.'));
                // An address that bears the firm's name is the firm's, whoever is called so too.
                let of_firm = local.len() >= 4 && domain.contains(local);
                host && !of_firm && matching::matches(local, name)
            })
        };
        // A branch is called as the firm is: `Firm London`, london@firm.example.
        let first = matching::key(name).split(' ').next().unwrap_or_default().to_owned();
        let is_branch = is_place(name) || first.len() >= 4 && domain.contains(&first);
        if !is_branch && addresses.any(|address| own(&address)) {
            let below = (at + 1 < end && may_be_title(text(at + 1)) && !linked.contains(&(at + 1))).then_some(at + 1);
            let title = below.map(|below| lines::clean(text(below))).unwrap_or_default();
            out.push(Like { name: name.clone(), title, line: at, title_line: below.unwrap_or(at) });
            line = end;
        }
    }
    out
}
