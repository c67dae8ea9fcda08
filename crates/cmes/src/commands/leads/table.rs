//! Leads as a table for spreadsheets (CSV by RFC 4180), one row each.

use std::io::Write;

use cmes_types::CompanyData;
use csv::Writer;

/// A table that grows by a row at a time, each written at once.
pub struct Table(Writer<Box<dyn Write + Send>>);

const COLUMNS: [&str; 19] = [
    "CompanyName",
    "Web",
    "Country",
    "State",
    "City",
    "ZIP",
    "Street1",
    "Street2",
    "Phone",
    "Email",
    "Contact",
    "JobPosition",
    "ContactEmail",
    "Language",
    "Business",
    "CompanySize",
    "EstimatedBudget",
    "ProbabilityOfSuccess",
    "Recommendations",
];

impl Table {
    /// Writes the header.
    pub fn new(to: impl Write + Send + 'static) -> csv::Result<Self> {
        let mut writer = Writer::from_writer(Box::new(to) as Box<dyn Write + Send>);
        writer.write_record(COLUMNS)?;
        writer.flush()?;
        Ok(Self(writer))
    }

    /// Writes a row.
    pub fn add(&mut self, data: &CompanyData) -> csv::Result<()> {
        let address = &data.address;
        let phone = data.phones.iter().max_by_key(|phone| phone.primary).map(|phone| phone.phone_number.as_str());
        let email = data.emails.iter().max_by_key(|email| email.primary).map(|email| email.email.as_str());
        let contact = data.contacts.first();
        let web = data.webs.first().map(|web| format!("{}{}", web.host, web.link.trim_end_matches('/')));
        let cells = [
            data.company_name.clone(),
            web.unwrap_or_default(),
            address.country.clone(),
            address.state.clone(),
            address.city.clone(),
            address.zip.clone(),
            address.street1.clone(),
            address.street2.clone(),
            phone.unwrap_or_default().to_owned(),
            email.unwrap_or_default().to_owned(),
            contact.map(|contact| contact.name.clone()).unwrap_or_default(),
            contact.map(|contact| contact.job_position.clone()).unwrap_or_default(),
            contact.map(|contact| contact.email.clone()).unwrap_or_default(),
            data.language.clone(),
            data.business.clone(),
            data.company_size.clone(),
            data.estimated_budget.to_string(),
            data.probability_of_success.to_string(),
            data.recommendations.clone(),
        ];
        self.0.write_record(cells.iter().map(|cell| plain(cell)))?;
        self.0.flush()?;
        Ok(())
    }
}

/// A cell that no spreadsheet takes for a formula: what strangers write on their pages comes here
/// (OWASP, "CSV injection"). Telephone numbers begin with + and are none.
fn plain(cell: &str) -> String {
    let is_number = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '.' | '(' | ')'));
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let check = |cell: &str, expected: &str| assert_eq!(plain(cell), expected);
        check("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")");
        check("@SUM(A1)", "'@SUM(A1)");
        check("+44 208 068 4673", "+44 208 068 4673");
        check("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0");
        check("Acme, Inc.", "Acme, Inc.");
    }
}
