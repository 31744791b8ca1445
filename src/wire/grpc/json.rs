//! stub
use crate::model::Detail;
/// stub
#[derive(Clone, Debug, Default)]
pub struct Registry;
impl Registry {
    /// stub
    pub fn detail_to_json(&self, _d: &Detail) -> serde_json::Value {
        serde_json::Value::Null
    }
    /// stub
    pub fn detail_from_json(&self, _d: &serde_json::Value) -> Result<Detail, String> {
        Err(String::new())
    }
    /// stub
    pub fn strip_unknown(&self, _d: &Detail) -> Option<Detail> {
        None
    }
}
