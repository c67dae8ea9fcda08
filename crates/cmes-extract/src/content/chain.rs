//! Of the messages of a chain, the one that counts: the enquirer's, not that
//! of a colleague who passes it on.

use super::links::{self, Form, Found};
use super::parts::Part;
use super::{Content, Origin, own};
use crate::facts::emails::owners;
use crate::facts::snippet;

/// Lines of quoted text that are looked through.
const MOST_QUOTED: usize = 400;

/// What a chain says: its main message, then the sites of the others as quoted text.
pub(super) fn read(parts: &[Part]) -> Content {
    let Some(outer) = parts.first() else { return Content::default() };
    let to = hosts(&outer.to);
    let is_colleague = is_colleague(outer, parts);
    let mut receivers = to.clone();
    let mut main = (0, own::read(outer, &to, answered(parts, 0)));
    // Whoever passes a message on, its writer is who wants something.
    for (at, part) in parts.iter().enumerate().skip(1).take_while(|(_, part)| part.forwarded) {
        let own_site = host(&outer.from.address).filter(|host| is_colleague && !owners::is_provider(host));
        let known: Vec<String> = to.iter().cloned().chain(hosts(&part.to)).chain(own_site).collect();
        if to.iter().any(|known| is_from(part, known)) || is_colleague && known.iter().any(|known| is_from(part, known))
        {
            continue;
        }
        let inner = own::read(part, &known, answered(parts, at));
        if !inner.candidates.is_empty() || is_colleague && !part.from.address.is_empty() {
            main = (at, inner);
            receivers = known;
        }
    }
    let (main, mut content) = main;
    for (_, part) in parts.iter().enumerate().filter(|(at, _)| *at != main) {
        add_quoted(&mut content, part, &receivers);
    }
    content
}

/// To whom the message was written that a message answers: its own writer.
fn answered(parts: &[Part], at: usize) -> &[String] {
    let next = parts.get(at + 1).filter(|next| !next.forwarded);
    next.map_or(&[], |next| next.to.as_slice())
}

/// The sites of a message that is not the main one.
fn add_quoted(content: &mut Content, part: &Part, receivers: &[String]) {
    let is_receiver = |host: &str| receivers.iter().any(|known| links::same_site(known, host));
    if let Some(host) = host(&part.from.address).filter(|host| !is_receiver(host)) {
        let found = Found { host, form: Form::Email(part.from.address.clone()), at: 0 };
        content.add(&found, Origin::Quoted, &part.from.address);
    }
    for line in part.lines.iter().take(MOST_QUOTED).filter(|line| !own::is_chaff(line)) {
        for found in links::find(line) {
            if !is_receiver(&found.host) {
                content.add(&found, Origin::Quoted, &snippet(line, &found.host));
            }
        }
    }
}

/// Whether who sends the whole passes on what others wrote to their company:
/// to a colleague, to themselves, or without a word.
fn is_colleague(outer: &Part, parts: &[Part]) -> bool {
    let Some(own) = host(&outer.from.address).filter(|host| !owners::is_provider(host)) else { return false };
    let Some(inner) = parts.iter().skip(1).find(|part| part.forwarded) else { return false };
    let to = |part: &Part| hosts(&part.to).iter().any(|host| links::same_site(host, &own));
    let is_silent = outer.lines.iter().all(|line| line.trim().is_empty());
    to(outer) || is_silent || outer.to.is_empty() && to(inner)
}

fn is_from(part: &Part, known: &str) -> bool {
    host(&part.from.address).is_some_and(|host| links::same_site(&host, known))
}

fn host(address: &str) -> Option<String> {
    address.rsplit_once('@').map(|(_, host)| host.to_owned())
}

fn hosts(addresses: &[String]) -> Vec<String> {
    addresses.iter().filter_map(|address| host(address)).filter(|host| !owners::is_provider(host)).collect()
}
