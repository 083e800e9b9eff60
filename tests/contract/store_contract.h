// What every driver of store::Connection must keep. A driver joins with a harness and one
// INSTANTIATE_TEST_SUITE_P: see sqlite_store_test.cc, and docs/drivers.md.
#pragma once

#include "contract/store/connection.h"
#include "contract/store/ended.h"
#include "contract/store/schema.h"
#include "contract/store/sessions.h"
#include "contract/store/users.h"
