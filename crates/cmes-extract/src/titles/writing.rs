//! A title written in a language that the catalogue has names in.

use super::catalogue::{Forms, Gender, Id, Language, Meaning, Pattern};
use super::reading::{Core, Joint, Part, Place, Title};

/// The title in a language; `None` where a form is missing.
pub(super) fn write(title: &Title, to: &Language) -> Option<String> {
    let mut written = String::new();
    // One person holds all the positions.
    let said = title.parts.iter().find_map(|part| part.gender.filter(|gender| *gender == Gender::Feminine));
    let said = said.or_else(|| title.parts.iter().find_map(|part| part.gender));
    let gender = said.unwrap_or(Gender::Neutral);
    let is_office = gender == Gender::Neutral && title.parts.iter().all(|part| has_neutral(part, to));
    let gender = if gender == Gender::Neutral && !is_office { Gender::Masculine } else { gender };
    for (index, part) in title.parts.iter().enumerate() {
        let text = one(part, gender, to)?;
        if index == 0 {
            written.push_str(&capital(&text));
            continue;
        }
        match part.joint {
            Joint::Comma | Joint::Bracket => written.push_str(", "),
            Joint::Slash => written.push_str(" / "),
            Joint::Dash => written.push_str(" – "),
            Joint::Ampersand => written.push_str(" & "),
            Joint::And => {
                written.push(' ');
                written.push_str(to.and);
                written.push(' ');
            }
        }
        written.push_str(&within(&text, to));
    }
    Some(written)
}

/// Whether the office has a name beside those who hold it, as it is usual on German sites
/// ("Vertriebsleitung"). Elsewhere such a word names the department.
fn has_neutral(part: &Part, to: &Language) -> bool {
    let of = |meaning| to.forms(meaning).copied().unwrap_or_default();
    let is_neutral = |forms: Forms| forms.neutral.is_some() || forms.feminine.is_none();
    let is_pattern_neutral = |pattern: Pattern| pattern.neutral.is_some() || pattern.feminine.is_none();
    let modifiers = || part.modifiers.iter().all(|id| is_pattern_neutral(of(Meaning::Modifier(*id)).pattern));
    let core = match &part.core {
        Core::Department(_) => true,
        Core::Position(id) => is_neutral(of(Meaning::Position(*id))),
        Core::Ranked(rank, functions) => match (functions.as_slice(), to.forms(Meaning::Rank(*rank))) {
            ([], Some(forms)) => is_neutral(*forms),
            ([function], Some(forms)) => to
                .forms(Meaning::Ranked(*rank, *function))
                .map_or_else(|| is_pattern_neutral(forms.pattern), |named| is_neutral(*named)),
            (_, Some(forms)) => is_pattern_neutral(forms.pattern),
            (_, None) => false,
        },
    };
    to.code.as_str() == "de" && core && modifiers()
}

fn one(part: &Part, gender: Gender, to: &Language) -> Option<String> {
    let mut text = core(&part.core, gender, to)?;
    for (index, modifier) in part.modifiers.iter().rev().enumerate() {
        let pattern = to.forms(Meaning::Modifier(*modifier))?.pattern;
        let form = chosen(gender, pattern.masculine, pattern.feminine, pattern.neutral)?;
        text = if form.contains("{g}") {
            // Only what stands next to it has a genitive here.
            if index > 0 {
                return None;
            }
            form.replace("{g}", &genitive(&part.core, to)?)
        } else if form.starts_with("{p}") {
            form.replace("{p}", &text)
        } else {
            form.replace("{p}", &within(&text, to))
        };
    }
    if let Some((joint, place)) = &part.place {
        let name = match place {
            Place::Country(country) => country.name(to.code).to_owned(),
            Place::Region(id) => to.forms(Meaning::Region(*id))?.masculine?.to_owned(),
            Place::Name(name) => name.clone(),
        };
        text = if *joint == Joint::Bracket { format!("{text} ({name})") } else { format!("{text}, {name}") };
    }
    Some(text)
}

fn core(core: &Core, gender: Gender, to: &Language) -> Option<String> {
    match core {
        Core::Position(id) => named(to.forms(Meaning::Position(*id))?, gender),
        Core::Department(functions) => {
            let names: Vec<String> = functions.iter().map(|id| label(*id, to)).collect::<Option<_>>()?;
            let (first, rest) = names.split_first()?;
            let rest = rest.iter().map(|name| within(name, to));
            Some(listed(&std::iter::once(first.clone()).chain(rest).collect::<Vec<_>>(), to))
        }
        Core::Ranked(rank, functions) => {
            if let [function] = functions.as_slice()
                && let Some(forms) = to.forms(Meaning::Ranked(*rank, *function))
            {
                return named(forms, gender);
            }
            let forms = to.forms(Meaning::Rank(*rank))?;
            if functions.is_empty() {
                return named(forms, gender);
            }
            let pattern = forms.pattern;
            let form = chosen(gender, pattern.masculine, pattern.feminine, pattern.neutral)?;
            filled(form, functions, to)
        }
    }
}

fn genitive(core: &Core, to: &Language) -> Option<String> {
    match core {
        Core::Position(id) => to.forms(Meaning::Position(*id))?.genitive.map(str::to_owned),
        Core::Ranked(rank, functions) => {
            if let [function] = functions.as_slice()
                && let Some(forms) = to.forms(Meaning::Ranked(*rank, *function))
            {
                return forms.genitive.map(str::to_owned);
            }
            let forms = to.forms(Meaning::Rank(*rank))?;
            if functions.is_empty() {
                return forms.genitive.map(str::to_owned);
            }
            filled(forms.pattern.genitive?, functions, to)
        }
        Core::Department(_) => None,
    }
}

fn named(forms: &Forms, gender: Gender) -> Option<String> {
    chosen(gender, forms.masculine, forms.feminine, forms.neutral).map(str::to_owned)
}

/// The form of a gender; the masculine one stands for all where there is none.
fn chosen(
    gender: Gender,
    masculine: Option<&'static str>,
    feminine: Option<&'static str>,
    neutral: Option<&'static str>,
) -> Option<&'static str> {
    match gender {
        Gender::Masculine => masculine,
        Gender::Feminine => feminine.or(masculine),
        Gender::Neutral => neutral.or(masculine),
    }
}

/// A pattern of a rank with its functions.
fn filled(form: &str, functions: &[Id], to: &Language) -> Option<String> {
    if form.contains("{l}") {
        let names: Vec<String> = functions.iter().map(|id| label(*id, to)).collect::<Option<_>>()?;
        let is_lower = form.starts_with("{l}") || is_capitalizing(to);
        let names: Vec<String> = if is_lower { names } else { names.iter().map(|name| within(name, to)).collect() };
        return Some(form.replace("{l}", &listed(&names, to)));
    }
    let complements: Vec<String> = functions.iter().map(|id| complement(*id, to)).collect::<Option<_>>()?;
    let (before, after) = form.split_once("{x}")?;
    let is_compound = after.starts_with(char::is_alphabetic);
    let (last, first) = complements.split_last()?;
    if !is_compound {
        return Some(format!("{before}{}{after}", listed(&complements, to)));
    }
    // "Einkaufs- und Vertriebsmanager".
    let first: Vec<String> = first.iter().map(|part| format!("{}-", part.trim_end_matches(['-', ' ']))).collect();
    let all: Vec<String> = first.into_iter().chain([last.clone()]).collect();
    let is_raised = last.ends_with('-') && to.code.as_str() == "de";
    let after = if is_raised { capital(after) } else { after.to_owned() };
    Some(format!("{before}{}{after}", listed(&all, to)))
}

fn label(function: Id, to: &Language) -> Option<String> {
    to.forms(Meaning::Function(function))?.masculine.map(str::to_owned)
}

fn complement(function: Id, to: &Language) -> Option<String> {
    let forms = to.forms(Meaning::Function(function))?;
    if let Some(own) = forms.complement {
        return Some(own.replace('_', " "));
    }
    let name = within(forms.masculine?, to);
    Some(if matches!(to.code.as_str(), "es" | "pt") { format!("de {name}") } else { name })
}

fn listed(names: &[String], to: &Language) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} {} {last}", first.join(", "), to.and),
        None => String::new(),
    }
}

/// Whether titles keep their capitals within a text.
fn is_capitalizing(to: &Language) -> bool {
    matches!(to.code.as_str(), "en" | "de")
}

/// As it stands within a text: in most languages without the capital, unless it is an abbreviation.
fn within(text: &str, to: &Language) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), letters.next()) else { return String::new() };
    let is_abbreviation = second.is_some_and(|c| c.is_uppercase() || !c.is_alphabetic() && c != ' ' && c != '-');
    // "Key Account Manager" is a name of its own in other languages as well.
    let is_name = text.split(' ').skip(1).any(|word| word.starts_with(char::is_uppercase));
    if is_capitalizing(to) || is_abbreviation || is_name {
        return text.to_owned();
    }
    first.to_lowercase().chain(text.chars().skip(1)).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
