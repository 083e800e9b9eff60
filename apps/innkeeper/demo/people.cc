#include "demo/people.h"

namespace innkeeper::app {

std::span<const Person> demo_people() {
  static constexpr Person people[] = {
      {"ada", "Ada", "Lindqvist"},      {"amina", "Amina", "Diallo"},
      {"arash", "Arash", "Moradi"},     {"bela", "Béla", "Szabó"},
      {"carlos", "Carlos", "Herrera"},  {"chiara", "Chiara", "Bianchi"},
      {"daniel", "Daniel", "O’Connor"}, {"eun-ji", "Eun-ji", "Park"},
      {"fatima", "Fatima", "Zahra"},    {"freya", "Freya", "Nielsen"},
      {"georg", "Georg", "Hoffmann"},   {"hana", "Hana", "Nováková"},
      {"ivan", "Ivan", "Petrov"},       {"joana", "Joana", "Ferreira"},
      {"kwame", "Kwame", "Mensah"},     {"leila", "Leila", "Haddad"},
      {"liam", "Liam", "Murphy"},       {"mei", "Mei", "Tanaka"},
      {"nikhil", "Nikhil", "Sharma"},   {"olivia", "Olivia", "Bennett"},
      {"pierre", "Pierre", "Dubois"},   {"rosa", "Rosa", "Jiménez"},
      {"sofie", "Sofie", "van Dijk"},   {"tomasz", "Tomasz", "Kowalski"},
      {"wanjiru", "Wanjiru", "Kamau"},  {"zeynep", "Zeynep", "Yılmaz"},
  };
  return people;
}

}  // namespace innkeeper::app
