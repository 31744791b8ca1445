#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 410, code = NOT_FOUND, message = "The task is gone.")]
    TaskNotFound,
}

fn main() {}
