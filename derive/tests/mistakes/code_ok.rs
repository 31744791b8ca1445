#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 404, code = OK, message = "M.")]
    GoneAway,
}

fn main() {}
