//! What stands with a person's name: the card around it, and the e-mail and
//! phone on it.

use std::ops::Range;

use cmes_types::{Contact, Method};

use super::{Card, Found, Reader, is_detail, lines, matching, tables};
use crate::facts::phones::labels::{Label, alone};
use crate::facts::phones::scan::bare_extension;
use crate::facts::phones::setting::{self, Kind};
use crate::facts::phones::{spoken, whole};
use crate::facts::{emails, snippet};

impl Reader<'_> {
    /// What stands with a person's name: the card around it.
    pub(super) fn card(&self, person: &Found, previous: u32, next: Option<u32>) -> Card {
        let lines = match &person.whole {
            Some(lines) => lines.clone(),
            None if person.own_line => self.around(person, previous, next),
            None => person.line..person.line + 1,
        };
        let mut contact =
            Contact { name: person.named.name.clone(), job_position: person.named.title.clone(), ..Contact::default() };
        if person.own_line {
            self.fill(&lines, &mut contact);
        } else if lines::read(self.text(person.line)).len() == 1 {
            self.fill_from_clause(person, &mut contact);
        }
        let text = self.text(person.line);
        Card {
            page: self.at,
            lines,
            method: Method::Text,
            snippet: snippet(text, &contact.name),
            contact,
            confidence: person.confidence,
        }
    }

    /// E-mail and phone that follow a name in the same clause.
    fn fill_from_clause(&self, person: &Found, contact: &mut Contact) {
        let text = self.text(person.line);
        let clause = clause(text.get(person.named.at..).unwrap_or(text));
        let regions: Vec<&str> = self.regions.iter().map(String::as_str).collect();
        contact.email = emails::scan::addresses(clause).into_iter().next().unwrap_or_default();
        let phone = spoken(clause, &regions, || None).into_iter().find(|spoken| {
            let before = clause.get(..spoken.at).unwrap_or_default().trim_end();
            let behind = || {
                before
                    .strip_suffix([',', '–', '-', ':', '|'])
                    .is_some_and(|head| head.trim_end().ends_with(contact.name.as_str()))
            };
            matches!(spoken.label, Some(Label::Phone | Label::Mobile | Label::Both))
                || spoken.label.is_none()
                    && (spoken.international
                        || before.ends_with(['(', '（'])
                        || behind() && setting::kind(self.page) != Kind::Imprint)
        });
        contact.phone = phone.map(|spoken| spoken.number.text).unwrap_or_default();
        if contact.phone.is_empty() {
            contact.phone = self.by_extension(person.line, clause).unwrap_or_default();
        }
    }

    /// The number of a person of whom only the extension is given: that of the
    /// line above, or else the first of the page, with it.
    fn by_extension(&self, line: u32, text: &str) -> Option<String> {
        let extension = bare_extension(text)?;
        let regions: Vec<&str> = self.regions.iter().map(String::as_str).collect();
        let main = |at: u32| {
            let above = || alone(self.text(at.saturating_sub(1)));
            let numbers = spoken(self.text(at), &regions, above);
            let plain = |label: Option<Label>| matches!(label, Some(Label::Phone | Label::Both) | None);
            numbers.into_iter().map(|spoken| (plain(spoken.label), spoken.number)).find_map(|(plain, number)| {
                (plain && !number.mobile && !number.service && !number.key.contains('x')).then_some(number.text)
            })
        };
        let count = u32::try_from(self.page.lines.len()).unwrap_or(u32::MAX);
        let shown =
            |at: &u32| self.page.lines.get(*at as usize).is_some_and(|line| !line.hidden && line.text.len() <= 200);
        let number = (0..line)
            .rev()
            .filter(shown)
            .take(200)
            .find_map(main)
            .or_else(|| (line..count).filter(shown).take(400).find_map(main))?;
        Some(format!("{number} ext. {extension}"))
    }

    /// The lines that belong to a name: up to the next person or heading, and
    /// the whole of an element that holds nobody else.
    fn around(&self, person: &Found, previous: u32, next: Option<u32>) -> Range<u32> {
        let limit = next.unwrap_or(u32::MAX);
        let mut lines = person.span.clone();
        let element = self.page.lines.get(person.line as usize).map_or(0, |line| line.element);
        for (_, around) in self.page.ancestors(element) {
            let range = &around.lines;
            let single =
                range.start >= previous.min(person.span.start) && range.end <= limit && range.end - range.start <= 12;
            // Contact data above the name are somebody else's.
            let others = (range.start..lines.start).any(|at| tables::is_reach(self.text(at)));
            if !single || others || matches!(around.name, "body" | "main" | "html" | "header" | "footer") {
                break;
            }
            lines = lines.start.min(range.start)..lines.end.max(range.end);
        }
        if lines.end - lines.start > person.span.end - person.span.start {
            return lines;
        }
        let region = self.page.lines.get(person.line as usize).map(|line| line.region);
        let heading = self.page.lines.get(person.line as usize).map_or(0, |line| line.heading);
        let parent = self.page.elements.get(element as usize).map_or(0, |e| e.parent);
        let end = self.page.elements.get(parent as usize).map_or(lines.end, |e| e.lines.end);
        let mut until = lines.end;
        while until < end.min(limit).min(person.span.end + 5) {
            let Some(line) = self.page.lines.get(until as usize) else { break };
            let other = line.heading > 0 && heading > 0 || Some(line.region) != region;
            if other || !(is_detail(&line.text) || heading > 0) {
                break;
            }
            until += 1;
        }
        lines.start..until.max(lines.end)
    }

    /// E-mail and phone out of the lines and links of a card.
    fn fill(&self, lines: &Range<u32>, contact: &mut Contact) {
        let regions: Vec<&str> = self.regions.iter().map(String::as_str).collect();
        let mut addresses: Vec<String> = Vec::new();
        let mut phones: Vec<String> = Vec::new();
        let first = self.page.links.partition_point(|link| link.line < lines.start);
        for link in self.page.links.iter().skip(first).take_while(|link| link.line < lines.end).take(40) {
            addresses.extend(emails::scan::mailto(&link.href));
            if link.href.starts_with("tel:") && !link.text.to_lowercase().contains("fax") && !link.class.contains("fax")
            {
                phones.extend(whole(link.href.trim_start_matches("tel:"), &regions).map(|number| number.text));
            }
        }
        for at in lines.clone() {
            let text = self.text(at);
            addresses.extend(emails::scan::addresses(text));
            let above = || alone(self.text(at.saturating_sub(1)));
            for spoken in spoken(text, &regions, above) {
                if matches!(spoken.label, Some(Label::Fax)) {
                    phones.retain(|phone| *phone != spoken.number.text);
                } else if spoken.label != Some(Label::Other) {
                    phones.push(spoken.number.text);
                }
            }
        }
        let matching = addresses
            .iter()
            .find(|address| address.split_once('@').is_some_and(|(local, _)| matching::matches(local, &contact.name)));
        contact.email = matching.or(addresses.first()).cloned().unwrap_or_default();
        // The longer form of one number says more: it has the extension.
        let first = phones.first().cloned().unwrap_or_default();
        let extended =
            phones.iter().find(|phone| !first.is_empty() && phone.starts_with(&first) && phone.len() > first.len());
        contact.phone = extended.cloned().unwrap_or(first);
        if contact.phone.is_empty() {
            let extended = lines.clone().find_map(|at| self.by_extension(lines.start, self.text(at)));
            contact.phone = extended.unwrap_or_default();
        }
    }
}

/// A text up to the end of its first sentence, at most 160 bytes.
fn clause(text: &str) -> &str {
    let text = crate::page::prefix(text, 160);
    let end = text.char_indices().find(|(at, c)| match c {
        '。' => true,
        '.' => {
            let (head, tail) = (text.get(..*at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            let word = head.rsplit([' ', '-', '.']).next().unwrap_or_default();
            tail.starts_with(' ') && word.chars().count() > 4 && tail.trim_start().starts_with(char::is_uppercase)
                || tail.starts_with(' ') && word.chars().any(|c| c.is_ascii_digit())
        }
        _ => false,
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
