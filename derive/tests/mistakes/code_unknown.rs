#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 404, code = NOT_FOUNT, message = "M.")]
    GoneAway,
}

fn main() {}
