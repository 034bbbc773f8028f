/* The descriptors of the contact card reader, made from its features. */
#pragma once
#include "tools/simulator/model_contact_reader.h"

#define CONTACT_PIPE_OUT 0x01
#define CONTACT_PIPE_IN 0x82
#define CONTACT_PIPE_NOTICES 0x83

void contact_descriptors_build(struct model_contact_reader *reader);
