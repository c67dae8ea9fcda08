//! Lines in the scripts of East Asia, where an address is one run of characters.

use crate::facts::address::{cjk, pieces::narrow, postal};
use crate::page::prefix;
use crate::places::Country;

use super::{MOST, Sure, Text};

impl Text<'_> {
    /// Japanese, Chinese and Korean lines.
    pub(super) fn east_asian(&mut self) {
        let (mut at, mut tried) = (0, 0);
        while at < self.pieces.len() && self.drafts.len() <= MOST / 10 && tried <= MOST / 4 {
            let line = self.pieces[at].line;
            let end = (at..self.pieces.len()).find(|q| self.pieces[*q].line != line).unwrap_or(self.pieces.len());
            let text = self.page.lines.get(line as usize).map_or("", |line| line.text.as_str());
            if text.len() <= 600 && text.contains(is_number) && cjk::is_east_asian(text) {
                tried += 1;
                self.east_asian_line(line, (at, end));
            }
            at = end;
        }
    }

    fn east_asian_line(&mut self, line: u32, (start, end): (usize, usize)) {
        if self.used[start] {
            return;
        }
        let text_of = |line: u32| narrow(self.page.lines.get(line as usize).map_or("", |line| line.text.as_str()));
        let (text, next) = (text_of(line), text_of(line + 1));
        let previous = line.checked_sub(1).map(text_of).unwrap_or_default();
        let around = format!("{} {text} {}", prefix(&previous, 60), prefix(&next, 60));
        // A code alone on its line belongs to the next.
        let joined = format!("{text} {next}");
        let mut taken = end;
        let mut found = None;
        if text.contains('〒') || text.contains(is_kana_place) {
            found = cjk::japanese(&text);
            if found.is_none() && text.len() < 40 && text.contains('〒') {
                found = cjk::japanese(&joined);
                taken = (end..self.pieces.len()).find(|q| self.pieces[*q].line > line + 1).unwrap_or(self.pieces.len());
            }
        }
        // Korean and Chinese lines hold several things between bars and labels.
        if found.is_none() && text.contains(['로', '길', '동', '읍', '면', '가', '리']) {
            found = cjk::korean(&text, &around);
        }
        if found.is_none() && text.contains(['市', '縣', '省', '州']) {
            let parts = (start..end).map(|q| self.pieces[q].text.as_ref());
            found = parts.clone().find_map(|part| cjk::chinese(part, part));
            let is_coded = found.as_ref().is_some_and(|found| !found.address.zip.is_empty());
            found = if is_coded { found } else { parts.clone().find_map(|part| cjk::chinese(part, &around)).or(found) };
        }
        let Some(mut found) = found else { return };
        let alone = previous.trim_start_matches(['〒', ' ']).trim();
        if found.address.zip.is_empty() && found.country == "JP" && postal::is_japanese(alone) {
            alone.clone_into(&mut found.address.zip);
        }
        self.used[start..end].fill(false);
        let country = Country::from_code(found.country);
        let distinct = !found.address.zip.is_empty();
        self.add(
            found.address,
            country,
            (start, taken - 1),
            Sure { strong: true, distinct, named: true, ..Sure::default() },
        );
    }
}

fn is_kana_place(c: char) -> bool {
    matches!(c, '都' | '道' | '府' | '県')
}

/// Without a number of the house there is no address.
fn is_number(c: char) -> bool {
    c.is_numeric() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}
