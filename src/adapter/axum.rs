//! `errwire::Error` as a response of axum.

use std::sync::LazyLock;

use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};

use crate::{
    model::{Audience, Error},
    translate::{Translator, WriteHttpOptions},
};

/// Written for anybody ([`Audience::Public`]), by the built-in catalog. The error itself is among the extensions of the
/// response, so that a layer further out can write it again: `HttpServerLayer` does, by its own catalog, for its own
/// audience, and in the language and the dialect that the caller accepts.
///
/// ```
/// # #[cfg(feature = "layer")] {
/// use axum::{Json, Router, extract::Path, routing::get};
/// use errwire::{Error, kinds, layer::HttpServerLayer};
///
/// async fn task(Path(id): Path<String>) -> errwire::Result<Json<String>> {
///     Err(Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", id))
/// }
///
/// let app: Router = Router::new().route("/tasks/{id}", get(task)).layer(HttpServerLayer::default());
/// # }
/// ```
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        static TRANSLATOR: LazyLock<Translator> = LazyLock::new(Translator::default);
        let (written, _) = TRANSLATOR.write_http_with(&self, &WriteHttpOptions::new(Audience::Public));
        let mut response = written.map(Body::from);
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds;

    #[test]
    fn says_little_and_keeps_all() {
        let error = Error::new(kinds::INTERNAL_ERROR).with_message("disk on fire");
        let response = error.clone().into_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.extensions().get::<Error>(), Some(&error));
        assert!(!response.headers().contains_key("grpc-status-details-bin"));
    }
}
