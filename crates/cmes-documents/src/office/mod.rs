//! Files of office programs: containers of XML.

mod docx;
mod odf;
mod spreadsheet;
mod styles;

pub use docx::from_docx;
pub use odf::from_opendocument;
pub use spreadsheet::from_spreadsheet;
