// All of the public door, for a program that wants one line.
#pragma once

#include <innkeeper/book.h>
#include <innkeeper/client.h>
#include <innkeeper/error.h>
#include <innkeeper/options.h>
#include <innkeeper/secret.h>
#include <innkeeper/session.h>
#include <innkeeper/session_info.h>
#include <innkeeper/user.h>
