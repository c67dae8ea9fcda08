//! People in tables: one a row, what they do and how they are reached in the
//! columns beside the name.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::{lines, name, titles};
use crate::page::Page;

/// A person as a row of a table names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The name.
    pub name: String,
    /// The position, or the department when the table gives no more.
    pub title: String,
    /// Line of the name.
    pub line: u32,
    /// Lines of the row.
    pub lines: Range<u32>,
}

/// What a column holds, by its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Position,
    Department,
    /// Whom the people of the table work for.
    Company,
    Other,
}

const NAME: &[&str] = &[
    "name",
    "names",
    "navn",
    "namn",
    "nimi",
    "nombre",
    "nome",
    "nominativo",
    "nom",
    "noms",
    "jméno",
    "jméno a příjmení",
    "meno",
    "meno a priezvisko",
    "imię i nazwisko",
    "név",
    "nume",
    "nume și prenume",
    "ime",
    "ime i prezime",
    "ime in priimek",
    "имя",
    "фио",
    "ф.и.о.",
    "сотрудник",
    "ім'я",
    "піб",
    "име",
    "όνομα",
    "ονοματεπώνυμο",
    "ad soyad",
    "isim",
    "adı soyadı",
    "naam",
    "kdo",
    "who",
    "person",
    "persona",
    "personne",
    "osoba",
    "ansprechpartner",
    "ansprechpartnerin",
    "ihr ansprechpartner",
    "kontakt",
    "kontaktperson",
    "contact",
    "contact person",
    "contatto",
    "contactpersoon",
    "contacto",
    "contato",
    "interlocutor",
    "interlocuteur",
    "referente",
    "mitarbeiter",
    "mitarbeiter/in",
    "medarbejder",
    "medarbetare",
    "ansatt",
    "employee",
    "medewerker",
    "yhteyshenkilö",
    "henkilö",
    "full name",
    "vor- und nachname",
    "nom et prénom",
    "nome e cognome",
    "nombre y apellidos",
    "氏名",
    "名前",
    "担当者",
    "姓名",
    "名字",
    "이름",
    "성명",
    "담당자",
    "الاسم",
    "שם",
    "vārds, uzvārds",
    "vardas, pavardė",
    "họ và tên",
    "nama",
];
const POSITION: &[&str] = &[
    "position",
    "post",
    "title",
    "job title",
    "role",
    "function",
    "funktion",
    "stilling",
    "befattning",
    "titel",
    "tittel",
    "titull",
    "cargo",
    "puesto",
    "fonction",
    "poste",
    "ruolo",
    "mansione",
    "qualifica",
    "carica",
    "functie",
    "stanowisko",
    "funkce",
    "pozice",
    "funkcia",
    "pozícia",
    "beosztás",
    "funcție",
    "funcția",
    "funkcija",
    "должность",
    "посада",
    "длъжност",
    "θέση",
    "görev",
    "görevi",
    "unvan",
    "ünvan",
    "tehtävä",
    "tehtävänimike",
    "nimike",
    "amet",
    "amats",
    "pareigos",
    "役職",
    "肩書",
    "職位",
    "职位",
    "职务",
    "職務",
    "직책",
    "직위",
    "직급",
    "المنصب",
    "الوظيفة",
    "תפקיד",
    "chức vụ",
    "jabatan",
    "função",
    "aufgabe",
    "hverv",
];
const DEPARTMENT: &[&str] = &[
    "department",
    "bereich",
    "abteilung",
    "area",
    "área",
    "departamento",
    "dipartimento",
    "service",
    "reparto",
    "ufficio",
    "afdeling",
    "avdelning",
    "avdeling",
    "dział",
    "oddělení",
    "oddelenie",
    "osztály",
    "departament",
    "odjel",
    "oddelek",
    "отдел",
    "підрозділ",
    "отделение",
    "τμήμα",
    "bölüm",
    "departman",
    "birim",
    "osasto",
    "osakond",
    "nodaļa",
    "skyrius",
    "zuständigkeit",
    "zuständig für",
    "responsibility",
    "responsible for",
    "tätigkeit",
    "ansvarsområde",
    "ansvar",
    "setor",
    "sector",
    "部署",
    "部門",
    "部门",
    "부서",
    "القسم",
    "מחלקה",
    "úsek",
    "agenda",
    "division",
    "unit",
    "team",
];
const COMPANY: &[&str] = &[
    "company",
    "firm",
    "firma",
    "unternehmen",
    "virksomhed",
    "företag",
    "bedrift",
    "yritys",
    "société",
    "entreprise",
    "empresa",
    "azienda",
    "società",
    "bedrijf",
    "společnost",
    "spoločnosť",
    "cég",
    "организация",
    "компания",
    "организация/компания",
    "organisation",
    "organization",
    "verein",
    "mitglied",
    "member",
    "dealer",
    "händler",
    "distributor",
    "partner",
    "şirket",
    "会社名",
    "企業名",
    "公司",
    "회사",
    "kunde",
    "customer",
    "client",
    "cliente",
];

static HEADS: LazyLock<HashMap<&'static str, Column>> = LazyLock::new(|| {
    let lists = [
        (Column::Company, COMPANY),
        (Column::Department, DEPARTMENT),
        (Column::Position, POSITION),
        (Column::Name, NAME),
    ];
    lists.into_iter().flat_map(|(column, words)| words.iter().map(move |word| (*word, column))).collect()
});

/// A cell: its lines, and whether it is a head.
#[derive(Clone, Debug)]
struct Cell {
    lines: Range<u32>,
    head: bool,
}

/// Most rows read of one page, most cells of a row and most lines of a cell;
/// larger ones are layout.
const ROWS: usize = 1_000;
const CELLS: usize = 10;
const LINES: u32 = 6;

/// The people whom the tables of a page name, in the order of the rows.
/// `counts` tells whether a line may name the company's people.
pub(crate) fn read(page: &Page, counts: &dyn Fn(u32) -> bool) -> Vec<Row> {
    let mut out = Vec::new();
    for table in tables(page) {
        people(page, &table, counts, &mut out);
    }
    out.sort_by_key(|row| row.line);
    out
}

/// The rows of each table that holds data.
fn tables(page: &Page) -> Vec<Vec<Vec<Cell>>> {
    let mut rows: HashMap<u32, Vec<Cell>> = HashMap::new();
    let mut order: Vec<u32> = Vec::new();
    for element in &page.elements {
        if !matches!(element.name, "td" | "th") || order.len() > ROWS {
            continue;
        }
        let cell = Cell { lines: element.lines.clone(), head: element.name == "th" };
        rows.entry(element.parent)
            .or_insert_with(|| {
                order.push(element.parent);
                Vec::new()
            })
            .push(cell);
    }
    let mut tables: Vec<Vec<Vec<Cell>>> = Vec::new();
    let mut places: HashMap<u32, usize> = HashMap::new();
    for row in order {
        let Some(cells) = rows.remove(&row) else { continue };
        if !(2..=CELLS).contains(&cells.len()) || cells.iter().any(|cell| cell.lines.end - cell.lines.start > LINES) {
            continue;
        }
        let table = page.ancestors(row).find(|(_, element)| element.name == "table").map_or(row, |(at, _)| at);
        let place = *places.entry(table).or_insert_with(|| {
            tables.push(Vec::new());
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(place) {
            table.push(cells);
        }
    }
    tables
}

fn text(page: &Page, at: u32) -> &str {
    page.lines.get(at as usize).map_or("", |line| line.text.as_str())
}

fn heads(page: &Page, row: &[Cell]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = row
        .iter()
        .map(|cell| {
            let head = text(page, cell.lines.start).trim().trim_end_matches([':', '：']).to_lowercase();
            let known = (cell.lines.start < cell.lines.end).then(|| HEADS.get(head.as_str()).copied()).flatten();
            known.unwrap_or(Column::Other)
        })
        .collect();
    let is_head = row.iter().all(|cell| cell.head) || columns.iter().filter(|c| **c != Column::Other).count() >= 2;
    is_head.then_some(columns)
}

fn people(page: &Page, table: &[Vec<Cell>], counts: &dyn Fn(u32) -> bool, out: &mut Vec<Row>) {
    let columns = table.first().and_then(|row| heads(page, row));
    let body = table.get(usize::from(columns.is_some())..).unwrap_or_default();
    let says = |column: Column| columns.as_ref().and_then(|columns| columns.iter().position(|c| *c == column));
    // Dealers and members: other companies' people, unless their posts here are said.
    if says(Column::Company).is_some() && says(Column::Position).is_none() {
        return;
    }
    if columns.is_none() && body.iter().any(|row| is_of_cards(page, row)) {
        return;
    }
    let Some(at) = says(Column::Name).filter(|at| names_in(page, body, *at) > 0).or_else(|| name_column(page, body))
    else {
        return;
    };
    let position = says(Column::Position).or_else(|| title_column(page, body, at, says(Column::Department)));
    let mut found = Vec::new();
    let mut jobs = 0;
    for row in body {
        let Some(cell) = row.get(at) else { continue };
        let lines = row.first().map_or(0, |cell| cell.lines.start)..row.last().map_or(0, |cell| cell.lines.end);
        if lines.clone().any(|line| !counts(line)) {
            continue;
        }
        let beside = title_beside(page, row, at, position, says(Column::Department));
        for (name, line, own) in names(page, cell) {
            let title = own.or_else(|| beside.clone()).unwrap_or_default();
            jobs += usize::from(titles::is_title(&title) || lines.clone().any(|at| is_reach(text(page, at))));
            found.push(Row { name, title, line, lines: lines.clone() });
        }
    }
    // A head that says so, or what the columns hold, makes it a table of people.
    let said = says(Column::Name).is_some() && (says(Column::Position).is_some() || jobs > 0);
    if said || jobs * 2 >= found.len() {
        found.retain(|row| !row.title.is_empty() || said);
        out.append(&mut found);
    }
}

/// Whether a row holds several cards side by side, each with a person of its own:
/// such a table only sets the page.
fn is_of_cards(page: &Page, row: &[Cell]) -> bool {
    row.iter().filter(|cell| cell.lines.end - cell.lines.start >= 2 && !names(page, cell).is_empty()).count() >= 2
}

/// How many cells of a column begin with a name.
fn names_in(page: &Page, rows: &[Vec<Cell>], column: usize) -> usize {
    let begins = |cell: &&Cell| !cell.head && !names(page, cell).is_empty();
    rows.iter().filter_map(|row| row.get(column)).filter(begins).count()
}

/// The column of which most cells begin with a name.
fn name_column(page: &Page, rows: &[Vec<Cell>]) -> Option<usize> {
    let most = rows.iter().map(Vec::len).max()?;
    let (count, at) = (0..most).map(|at| (names_in(page, rows, at), most - at)).max()?;
    (count >= 2 && count * 2 > rows.len()).then_some(most - at)
}

/// The column that holds most positions, where no head tells.
fn title_column(page: &Page, rows: &[Vec<Cell>], name: usize, department: Option<usize>) -> Option<usize> {
    let most = rows.iter().map(Vec::len).max()?;
    let is_title = |cell: &&Cell| cell.lines.start < cell.lines.end && titles::is_title(text(page, cell.lines.start));
    let count = |at: usize| rows.iter().filter_map(|row| row.get(at)).filter(is_title).count();
    let columns = (0..most).filter(|at| *at != name && Some(*at) != department);
    columns.map(|at| (count(at), most - at)).max().filter(|(count, _)| *count > 0).map(|(_, at)| most - at)
}

/// The people of a cell with the lines of their names, and the position that
/// stands in the cell itself.
fn names(page: &Page, cell: &Cell) -> Vec<(String, u32, Option<String>)> {
    let mut out: Vec<(String, u32, Option<String>)> = Vec::new();
    for at in cell.lines.clone() {
        let line = text(page, at);
        let inline = lines::read(line);
        if let [only] = inline.as_slice() {
            out.push((only.name.clone(), at, Some(only.title.clone()).filter(|title| !title.is_empty())));
        } else if let Some(name) = name::read(line).filter(|_| !titles::is_title(line)) {
            out.push((name, at, None));
        } else if let Some(names) = lines::leading_names(line) {
            out.extend(names.into_iter().map(|name| (name, at, None)));
        } else if let Some(last) = out.last_mut().filter(|last| last.2.is_none() && last.1 + 1 == at && is_plain(line))
        {
            last.2 = Some(lines::clean(line));
        } else if at == cell.lines.start {
            return Vec::new();
        }
    }
    out
}

/// What the person of a row does, by the other columns.
fn title_beside(
    page: &Page,
    row: &[Cell],
    name: usize,
    position: Option<usize>,
    department: Option<usize>,
) -> Option<String> {
    let said = |at: usize| {
        let cell = row.get(at).filter(|cell| cell.lines.start < cell.lines.end)?;
        let line = text(page, cell.lines.start);
        is_plain(line).then(|| lines::clean(line))
    };
    let written = || {
        let others = (0..row.len()).filter(|at| *at != name && Some(*at) != department);
        others.filter_map(said).find(|text| titles::is_title(text))
    };
    position.and_then(said).or_else(written).or_else(|| department.and_then(said))
}

/// An address or a whole number.
pub(super) fn is_reach(text: &str) -> bool {
    text.contains('@') || text.chars().filter(char::is_ascii_digit).count() >= 7
}

/// A few words, not a sentence, a number or an address.
fn is_plain(text: &str) -> bool {
    let text = text.trim();
    (2..=70).contains(&text.chars().count())
        && text.chars().filter(|c| c.is_numeric()).count() <= 2
        && text.chars().any(char::is_alphabetic)
        && !text.contains(['@', '?', '!', '“', '„', '"'])
        && !(text.ends_with('.') && text.chars().count() > 30)
}
