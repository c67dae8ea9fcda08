//! Reads how a request names an object.

use cmes_app::identifiers::IdentifierFields;
use cmes_store::identifiers::Identifiers;

use crate::input::Fields;

/// Largest code: every reader of JSON knows whole numbers up to here.
pub(crate) const LARGEST_CODE: i64 = 9_007_199_254_740_991;

/// Reads identifiers. An empty UUID and the number 0 are those of a client that has none.
pub(crate) fn read(fields: &mut Fields, names: &IdentifierFields) -> Identifiers {
    Identifiers {
        id: fields.uuid(names.id),
        external_id: fields.integer(names.external_id, 0..=i64::MAX),
        code: names.code.and_then(|code| fields.integer(code, 0..=LARGEST_CODE)).filter(|code| *code != 0),
    }
}

/// Reads identifiers of which one has to be given.
pub(crate) fn required(fields: &mut Fields, names: &IdentifierFields) -> Identifiers {
    let before = fields.faults();
    let identifiers = read(fields, names);
    if identifiers.first().is_none() && fields.faults() == before {
        fields.refuse(names.id, names.required());
    }
    identifiers
}
