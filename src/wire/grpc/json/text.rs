//! JSON text whose members are named once.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value as Json, map::Entry};

use super::{JsonError, error::Quoted};

/// Parses JSON. `serde_json::Value` takes the last of two members with one name, where another parser may take the
/// first; here that is an error.
pub(crate) fn parse(text: &str) -> Result<Json, JsonError> {
    serde_json::from_str(text).map(|Unique(json)| json).map_err(JsonError::malformed)
}

struct Unique(Json);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            // How numbers arrive if anybody in the build switched on `serde_json/arbitrary_precision`.
            if name == "$serde_json::private::Number" {
                let digits: String = members.next_value()?;
                return serde_json::from_str::<Number>(&digits).map(Json::Number).map_err(A::Error::custom);
            }
            match object.entry(name) {
                Entry::Vacant(entry) => entry.insert(members.next_value::<Unique>()?.0),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("the member {} is given twice", Quoted(entry.key()))));
                }
            };
        }
        Ok(Json::Object(object))
    }
}
