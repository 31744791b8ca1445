//! An observer that remembers.

use std::sync::{Arc, Mutex};

use errwire::layer::{Direction, Event, Observer};

#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Vec<String>>>);

impl Watch {
    /// What was seen since the last time: the kinds.
    pub fn kinds(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Observer for Watch {
    fn on_error(&self, event: &Event<'_>) {
        assert!(matches!(event.direction, Direction::GrpcServer | Direction::GrpcClient));
        self.0.lock().unwrap().push(event.error.kind().as_str().to_owned());
    }
}
